import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadFacts } from '../../../runtime/facts.ts'
import { contextNames, instrumentAwaits, mentionsAsyncContext } from './async-context.ts'

const facts = loadFacts(fileURLToPath(new URL('../../../../.cache/sandbox', import.meta.url)))
const AsyncFunction = (async () => {}).constructor as new (
  ...args: string[]
) => (...args: unknown[]) => Promise<unknown>

/** Runs instrumented code with a context of its own and gives back what it returns. */
function run(body: string): Promise<unknown> {
  let frame: unknown
  const values = {
    get: () => frame,
    set: (next: unknown) => {
      frame = next
    },
    none: Symbol('none'),
    pass: (value: unknown) => value,
    resume: (value: unknown, next: unknown) => {
      frame = next
      return value
    },
    iterate: (iterable: unknown) => iterable,
  }
  const source = instrumentAwaits(
    `async function main() {\n${body}\n}\nreturn main()`,
    'script',
    facts,
  )
  const names = Object.values(contextNames)
  return new AsyncFunction(...names, 'enter', 'current', source)(
    ...Object.keys(contextNames).map((key) => values[key as keyof typeof values]),
    values.set,
    values.get,
  )
}

test.each([
  ['an await', `enter('a'); await null; return current()`, 'a'],
  ['a nested await', `enter('a'); await (await Promise.resolve(null)); return current()`, 'a'],
  ['a sequence', `enter('a'); return [await (1, 2), current()].join()`, '2,a'],
  [
    'a rejected await',
    `enter('a'); try { await Promise.reject(1) } catch { return current() }`,
    'a',
  ],
  [
    'finally',
    `enter('a'); let seen; try { await Promise.reject(1) } catch {} finally { seen = current() } return seen`,
    'a',
  ],
  [
    'an arrow with an expression',
    `enter('a'); const f = async () => await 1; await f(); return current()`,
    'a',
  ],
  ['an arrow with an object', `const f = async () => ({ x: await 1 }); return (await f()).x`, 1],
  ['a parenthesised arrow', `const f = async (x) => (await x); return f(3)`, 3],
  ['a loop without braces', `let sum = 0; for await (const x of [1, 2]) sum += x\nreturn sum`, 3],
  [
    'a labelled loop',
    `let sum = 0; outer: for await (const x of [1, 2, 3]) { if (x === 2) continue outer; sum += x } return sum`,
    4,
  ],
  [
    'a strict function',
    `async function f() { 'use strict'; await null; return this === undefined } return f()`,
    true,
  ],
  [
    'a method',
    `class A { async m() { return await 5 } static async s() { return super.toString === undefined } } return new A().m()`,
    5,
  ],
  ['a template', `return \`\${await 1}\${await 2}\``, '12'],
  [
    'minified awaits',
    `enter('a');return[await(0,1),await[2],await"3",current()].join()`,
    '1,2,3,a',
  ],
  ['a minified loop', `let sum=0;for await(const x of[1,2])sum+=x;return sum`, 3],
  ['statements without semicolons', `const a = await 1\nconst b = await 2\nreturn a + b`, 3],
])('%s works and keeps its context', async (_what, body, value) => {
  expect(await run(body)).toBe(value)
})

test('lines stay where they are', () => {
  const source = `const a = async () => {\n  await 1\n  for await (const x of y)\n    z()\n}\n`
  expect(instrumentAwaits(source, 'script', facts).split('\n')).toHaveLength(
    source.split('\n').length,
  )
})

test.each([
  'const a = 1',
  '// await nothing',
  'async () => { broken await',
  'const f = async () => 1',
])('%j is left as it is', (source) => {
  expect(instrumentAwaits(source, 'script', facts)).toBe(source)
})

test('a module that awaits at top level is instrumented', () => {
  expect(instrumentAwaits('await 1', 'module', facts)).toContain(contextNames.resume)
})

test('speaking of it is what counts', () => {
  expect(mentionsAsyncContext(`import { AsyncLocalStorage } from 'node:async_hooks'`)).toBe(true)
  expect(mentionsAsyncContext('await something()')).toBe(false)
})
