import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadChallenge } from '../../packs/load-challenge.ts'
import type { RunEngine } from '../engine.ts'
import { createRunEngine } from '../run-engine.ts'
import { type Canaries, forgeries, replaced, saboteur, searches } from './attack-programs.ts'
import { makeFaultsPack } from './faults-pack.ts'

const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')
const canaries: Canaries = { text: 'canary-7f3a91', file: '', port: 0 }

let engine: RunEngine
let packRoot: string
let folder: string
let server: Server
let connections = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-canaries-'))
  canaries.file = join(folder, 'canary.cjs')
  writeFileSync(canaries.file, `module.exports = '${canaries.text}'\n`)
  server = createServer((_, response) => response.end(canaries.text))
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  canaries.port = (server.address() as AddressInfo).port
  // Before the engine: what it starts would inherit it, if it inherited anything.
  vi.stubEnv('ASSAY_CANARY', canaries.text)
  packRoot = makeFaultsPack({ wallClockMs: 40_000, cpuMs: 5000 })
  engine = await createRunEngine({ poolSize: 2, cacheDir, log: () => {} })
})

afterAll(async () => {
  await engine.close()
  vi.unstubAllEnvs()
  server.close()
  for (const each of [packRoot, folder]) rmSync(each, { recursive: true, force: true })
})

const grade = (files: Record<string, string>) => {
  const { starter } = loadChallenge(packRoot, 'hello')
  return engine.grade({
    runId: 'run',
    kind: 'grade',
    packRoot,
    slug: 'hello',
    files: { ...starter, ...files },
    seed: 1,
  })
}

/** Grades the project while another candidate's honest one is graded, which must not notice. */
const gradeBeside = async (files: Record<string, string>) => {
  const [result, sibling] = await Promise.all([grade(files), grade({})])
  expect(sibling).toMatchObject({ verdict: 'accepted', score: { earned: 100, possible: 100 } })
  return result
}

const printed = (result: Awaited<ReturnType<typeof grade>>) =>
  result.console.map(({ text }) => text).join('')

test('a project as large as it may be is judged as any other', async () => {
  const { starter } = loadChallenge(packRoot, 'hello')
  const ballast = Object.fromEntries(
    Array.from({ length: 7 }, (_, i) => [`ballast/${i}.txt`, 'x'.repeat(262_144)]),
  )
  const ownText = `${starter['server.js']}// ${'x'.repeat(200_000)}\n`
  expect(await grade({ ...ballast, 'server.js': ownText })).toMatchObject({ verdict: 'accepted' })
})

describe('a program that looks for', () => {
  test.each(Object.entries(searches))('%s finds nothing', async (_, programOf) => {
    // A program that ends before it listens: what it printed is in the result, whatever became of it.
    const result = await grade({ 'server.js': programOf(canaries) })
    expect(printed(result)).toContain('looked')
    expect(JSON.stringify(result)).not.toContain(canaries.text)
    // Neither a path of this machine nor a title of the hidden suite.
    expect(printed(result)).not.toContain(process.cwd())
    expect(printed(result)).not.toContain('greets by name')
    expect(connections).toBe(0)
    expect(result.score.earned).toBe(0)
  })
})

describe('a program that', () => {
  test.each(Object.entries(forgeries))('%s earns nothing', async (_, files) => {
    const result = await gradeBeside(files)
    expect(result.score.earned).toBe(0)
    expect(result.cases.map(({ status }) => status)).not.toContain('passed')
    expect(result.cases).toHaveLength(4)
  })
})

describe('a program that replaces', () => {
  test.each(replaced)('%s is judged all the same', async (name) => {
    for (const body of ["throw new Error('no')", "return 'x'"]) {
      // A rejection would be a failure of ours, retried and never scored.
      const result = await grade({ 'server.js': saboteur(name, body) })
      expect(result.cases).toHaveLength(4)
      expect(result.verdict).not.toBe('accepted')
    }
  })

  test.each(replaced.filter((name) => /^(?:JSON|Reflect|Object|globalThis)\./.test(name)))(
    '%s breaks nothing of the sandbox',
    async (name) => {
      const result = await grade({ 'server.js': saboteur(name, "throw new Error('no')") })
      expect(result.cases[0]?.status).toBe('passed')
    },
  )
})
