import { expect, test } from 'vitest'
import { type ProgramFiles, runInSandbox, runOnNode } from '../run-both.ts'

const esm = `export let count = 1
export function bump() { count++; return count }
export default class Thing {}
export * as nested from './leaf.mjs'`
const cjs = `exports.named = 5
exports['with space'] = 6
exports.load = () => import('./esm.mjs')
exports.parent = typeof module.parent`
const shared: ProgramFiles = {
  'esm.mjs': esm,
  'leaf.mjs': `export const leaf = 'leaf'`,
  'cjs.cjs': cjs,
  'data.json': '{"x":[1,2]}',
  'sync-throw.mjs': `throw new Error('sync')`,
  'primitive-throw.mjs': 'throw 42',
  'late-throw.mjs': `await null; throw new RangeError('late')`,
  'missing.mjs': `import fs from 'node:fs'
import {
  nope } from './esm.mjs'`,
  'broken.mjs': 'const a = 1\nlet b = ;',
  'waits.mjs': `await new Promise((resolve) => setTimeout(resolve, 5)); export const waited = true`,
  'cycle-a.mjs': `import { b } from './cycle-b.mjs'; export const a = 'a'; export const seen = b`,
  'cycle-b.mjs': `import { a } from './cycle-a.mjs'
export const b = 'b'
export function late() { return a }
try { a } catch (error) { console.log(error.name, error.message) }`,
  'cycle-a.cjs': `exports.done = false; exports.b = require('./cycle-b.cjs'); exports.done = true`,
  'cycle-b.cjs': `exports.seen = require('./cycle-a.cjs').done`,
  'node_modules/pkg/package.json': `{ "name": "pkg", "version": "1.2.3", "exports": {
    ".": { "import": "./index.mjs", "require": "./index.cjs" }, "./sub/*": "./lib/*.js", "./hidden/*": null,
    "./package.json": "./package.json" }, "imports": { "#inner": "./inner.cjs" } }`,
  'node_modules/pkg/index.mjs': `export const kind = 'import'`,
  'node_modules/pkg/index.cjs': `exports.kind = 'require'; exports.inner = require('#inner'); exports.self = require('pkg/sub/deep')`,
  'node_modules/pkg/inner.cjs': `module.exports = 'inner'`,
  'node_modules/pkg/lib/deep.js': `module.exports = 'deep'`,
  'node_modules/legacy/package.json': `{ "name": "legacy", "main": "lib" }`,
  'node_modules/legacy/lib/index.js': `module.exports = { legacy: true }`,
  'typed/package.json': `{ "type": "module" }`,
  'typed/index.js': `export const typed = import.meta.filename.split('/').at(-1)`,
  'types.ts': `interface A { b: string }
export const typed: number = 1 as number
export type { A }`,
}

/** A program by name; its files are the shared ones and itself. */
const programs: Record<string, string> = {
  'static.mjs': `import fs, { readFileSync } from 'node:fs'
import Thing, * as all from './esm.mjs'
import { count, bump } from './esm.mjs'
import cjs, { named } from './cjs.cjs'
import data from './data.json' with { type: 'json' }
console.log(count, bump(), count, all, Thing.name, cjs, named, data, fs.readFileSync === readFileSync)
console.log(Object.prototype.toString.call(all), Reflect.ownKeys(all), 'nope' in all)
try { all.count = 3 } catch (error) { console.log(error.message) }
try { count = 3 } catch (error) { console.log(error.message) }`,
  'meta.mjs': `console.log(import.meta.main, import.meta.filename, import.meta.dirname, import.meta.url, Object.keys(import.meta))
console.log(import.meta.resolve('./x.mjs'), import.meta.resolve('pkg'), import.meta.resolve('node:fs'), this)
import.meta.own = 1
console.log(import.meta.own, typeof require, typeof module)`,
  'dynamic.mjs': `const show = async (specifier, options) => {
  try { console.log(specifier, await import(specifier, options)) } catch (error) { console.log(specifier, error?.name, error?.code, error?.message ?? error) }
}
for (const name of ['./esm.mjs', './cjs.cjs', './sync-throw.mjs', './primitive-throw.mjs', './late-throw.mjs', './nope.mjs', './missing.mjs', './broken.mjs', './waits.mjs', 'node:path/posix', 'nope', 'pkg', 'pkg/sub/deep', 'pkg/hidden/x', 'pkg/other', 'legacy', './typed/index.js', './typed', './types.ts', 'data:text/javascript,export default 7', 'http://x.test/a.mjs', './data.json']) await show(name)
await show('./data.json', { with: { type: 'json' } })
await show('./data.json', { with: { type: 'css' } })
await show(Symbol.iterator.description)
console.log(await Promise.allSettled([import('./sync-throw.mjs'), import('./sync-throw.mjs')]).then(([a, b]) => a.reason === b.reason))
console.log((await import('./esm.mjs')) === (await import('./esm.mjs')))`,
  'dynamic.cjs': `const { load } = require('./cjs.cjs')
load().then((ns) => { console.log(ns.count, ns.default.name); return import('./cjs.cjs') }).then((ns) => console.log(ns))
import('./nope.cjs').catch((error) => console.log(error.code, error.url))`,
  'require-esm.cjs': `console.log(require('./esm.mjs').count, require('./typed/index.js'))
for (const name of ['./waits.mjs', './sync-throw.mjs', './broken.mjs', './missing.mjs', './late-throw.mjs']) {
  try { require(name) } catch (error) { console.log(name, error.name, error.code, error.message.split('\\n')[0]) }
}
console.log(require('module').createRequire(__filename)('./data.json'), require.resolve('pkg'), require.cache[__filename] === module)`,
  'cycles.mjs': `import { a, seen } from './cycle-a.mjs'
import { late } from './cycle-b.mjs'
import cjs from './cycle-a.cjs'
console.log(a, seen, late(), cjs)`,
  'resolution.cjs': `const pkg = require('pkg')
console.log(pkg, require('legacy'), require('pkg/package.json').version, require('pkg/sub/deep'))
for (const name of ['pkg/hidden/x', 'pkg/lib/deep.js', 'nope', './nope', 'node:nope', '#inner', './data.json.js']) {
  try { require(name) } catch (error) { console.log(error.code, error.message) }
}
console.log(module.paths[0], require.resolve.paths('x')[0], require.main === module, module.children.length, module.id)`,
  'wrapper.cjs': `#!/usr/bin/env node
console.log(arguments.length, this === module.exports, __filename, __dirname, exports === module.exports)
return
console.log('never')`,
  'detected.js': `import fs from 'node:fs'
console.log(typeof fs.readFileSync, import.meta.filename)`,
  'detected-await.js': `const x = await Promise.resolve(3)
console.log(x)`,
  'ambiguous.js': `const fs = require('node:fs')
await null
console.log('never')`,
  'order.mjs': `process.nextTick(() => console.log('tick'))
Promise.resolve().then(() => console.log('micro'))
setImmediate(() => console.log('immediate'))
console.log('before')
await null
console.log('after')
await import('./leaf.mjs')
console.log('imported')
process.nextTick(() => console.log('tick 2'))
queueMicrotask(() => console.log('micro 2'))`,
  'order.cjs': `process.nextTick(() => console.log('tick'))
Promise.resolve().then(() => console.log('micro'))
import('./leaf.mjs').then(() => console.log('imported'))
setImmediate(() => console.log('immediate'))
console.log('sync')`,
  'typescript.ts': `import { typed } from './types.ts'
type Pair = [number, string]
const pair: Pair = [typed, 'x']
class Box<T> { value!: T; constructor(value: T) { this.value = value } }
console.log(pair satisfies Pair, new Box<number>(2).value as unknown, new Error('x').stack?.split('\\n')[1])`,
  'typescript.cts': `import type { A } from './types.ts'
const { typed } = require('./types.ts')
console.log(typed as number)`,
  'enum.ts': `enum Colour { Red }
console.log(Colour.Red)`,
  'broken.ts': `const a: number = ;`,
  'vm.cjs': `const vm = require('vm')
console.log(vm.runInThisContext('var shared = 1; shared + 1'), shared, new vm.Script('shared + 5', { filename: 'x.js' }).runInThisContext())
try { vm.runInThisContext('throw new TypeError("in script")', 'script.js') } catch (error) { console.log(error instanceof TypeError, error.stack.split('\\n')[1]) }
try { new vm.Script('let a = ;', 'bad.js') } catch (error) { console.log(error instanceof SyntaxError, error.stack.split('\\n').slice(0, 5)) }
console.log(vm.compileFunction('return a + b', ['a', 'b'])(1, 2), vm.isContext({}))`,
  'builtin.mjs': `import { createRequire, builtinModules, isBuiltin } from 'node:module'
import process, { argv } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
console.log(typeof createRequire(import.meta.url)('./cjs.cjs').load, builtinModules.includes('fs'), isBuiltin('node:test'), argv === process.argv)
await sleep(1)
const { default: url, pathToFileURL } = await import('url')
console.log(url.pathToFileURL === pathToFileURL)`,
}

test.each(Object.keys(programs))('%s prints what it prints on the pinned Node', async (name) => {
  const files = { [name]: programs[name] ?? '', ...shared }
  const [real, ours] = await Promise.all([runOnNode(files), runInSandbox(files)])
  expect(ours.stdout).toBe(real.stdout)
  expect(withoutFrames(ours.stderr)).toBe(withoutFrames(real.stderr))
  expect(ours.exitCode).toBe(real.exitCode)
})

/** Frames of Node's own loader differ where ours has fewer of them. */
function withoutFrames(text: string): string {
  return text
    .replaceAll(/\n {4}at .*\(?node:internal.*/g, '')
    .replaceAll(/\(node:\d+\)/g, '(node:pid)')
}

test('a new context is refused by name', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `try { require('vm').createContext({}) } catch (error) { console.log(error.message) }`,
  })
  expect(stdout).toBe('The feature vm.createContext is unavailable in the sandbox\n')
})
