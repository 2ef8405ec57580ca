import { describe, expect, test } from 'vitest'
import { findBoundaryProblems } from './boundaries.ts'
import type { Import } from './import-graph.ts'

const importOf = (from: string, to: string, overrides: Partial<Import> = {}): Import => ({
  from,
  to,
  isPackage: false,
  isTypeOnly: false,
  ...overrides,
})

const brokenRules = (...imports: Import[]) =>
  findBoundaryProblems(imports).map((problem) => /\n {4}([a-z-]+):/.exec(problem)?.[1])

describe('boundary rules', () => {
  test.each([
    ['sandbox-imports-nothing-of-ours', 'sandbox/guest/machine.ts', 'contract/live.ts'],
    ['contract-imports-nothing-of-ours', 'contract/api.ts', 'server/config.ts'],
    ['kit-imports-only-contract', 'kit/index.ts', 'server/grading/cell.ts'],
    ['web-imports-only-contract', 'web/src/main.tsx', 'kit/random.ts'],
    ['server-imports-only-contract-kit-sandbox', 'server/app.ts', 'web/src/main.tsx'],
    ['web-takes-only-types-from-contract', 'web/src/main.tsx', 'contract/api.ts'],
    ['graders-stay-secret', 'bench/main.ts', 'graders/x/suite/x.test.ts'],
    ['candidate-routes-know-no-grader', 'server/routes/candidate/a.ts', 'server/verify/gates.ts'],
    ['routes-use-services', 'server/routes/staff/a.ts', 'server/modules/runs/store.ts'],
    ['routes-use-services', 'server/routes/staff/a.ts', 'server/infra/schema/runs.ts'],
    ['modules-use-services', 'server/modules/a/service.ts', 'server/modules/b/store.ts'],
    ['features-do-not-meet', 'web/src/features/a/A.tsx', 'web/src/features/b/B.tsx'],
    ['imports-exist', 'server/app.ts', 'server/gone.ts (missing)'],
  ])('%s refuses %s -> %s', (rule, from, to) => {
    expect(brokenRules(importOf(from, to))).toEqual([rule])
  })

  test('a type import crosses a boundary too', () => {
    const found = importOf('sandbox/a.ts', 'server/b.ts', { isTypeOnly: true })
    expect(brokenRules(found)).toEqual(['sandbox-imports-nothing-of-ours'])
  })

  test.each([
    importOf('web/src/main.tsx', 'contract/api.ts', { isTypeOnly: true }),
    importOf('web/src/features/a/A.tsx', 'web/src/features/a/B.tsx'),
    importOf('server/modules/a/service.ts', 'server/modules/b/service.ts'),
    importOf('server/modules/a/service.ts', 'server/modules/a/store.ts'),
    importOf('graders/x/suite/x.test.ts', 'graders/x/suite/help.ts'),
    importOf('sandbox/a.ts', 'isolated-vm', { isPackage: true }),
    importOf('e2e/story.test.ts', 'server/start-server.ts'),
  ])('$from may import $to', (found) => {
    expect(brokenRules(found)).toEqual([])
  })

  test('files that need each other are told as one circle', () => {
    const circle = [importOf('kit/a.ts', 'kit/b.ts'), importOf('kit/b.ts', 'kit/a.ts')]
    expect(findBoundaryProblems(circle)).toEqual([
      expect.stringContaining('kit/a.ts -> kit/b.ts -> kit/a.ts'),
    ])
  })

  test('a circle of type imports is none', () => {
    const back = importOf('kit/b.ts', 'kit/a.ts', { isTypeOnly: true })
    expect(findBoundaryProblems([importOf('kit/a.ts', 'kit/b.ts'), back])).toEqual([])
  })
})
