import { expect, test } from 'vitest'
import { createRecorder } from './record.ts'

function recorder(isSandbox: boolean) {
  const calls: string[] = []
  const describe = Object.assign(
    (name: string, define: () => void) => {
      calls.push(name)
      define()
    },
    { skip: (name: string) => void calls.push(`skip ${name}`) },
  )
  return { calls, ...createRecorder(describe, { isSandbox }) }
}

test('a requirement becomes the first element of the title path', () => {
  const { calls, requirement } = recorder(true)
  requirement('R1', () => calls.push('defined'))
  requirement('R12', () => {})
  expect(calls).toEqual(['R1', 'defined', 'R12'])
})

test('an id outside R1 to R99 is refused', () => {
  const { requirement } = recorder(true)
  for (const id of ['r1', 'R0', 'R100', 'Requirement 1']) {
    expect(() => requirement(id, () => {})).toThrow(id)
  }
})

test('requirements do not nest', () => {
  const { requirement } = recorder(true)
  const nested = () => requirement('R1', () => requirement('R2', () => {}))
  expect(nested).toThrow('R2 stands inside R1')
  expect(() => requirement('R3', () => {})).not.toThrow()
})

test('sandboxOnly defines its tests in the sandbox and excludes them natively', () => {
  const sandbox = recorder(true)
  sandbox.sandboxOnly(() => sandbox.calls.push('defined'))
  expect(sandbox.calls).toEqual(['defined'])
  const native = recorder(false)
  native.sandboxOnly(() => native.calls.push('defined'))
  expect(native.calls).toEqual(['skip sandbox only'])
})
