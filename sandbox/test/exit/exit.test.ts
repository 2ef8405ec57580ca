import { expect, test } from 'vitest'
import { runInSandbox, runOnNode } from '../run-both.ts'

/** Programs that end in every way there is. Named by the file they are run as. */
const programs: [name: string, text: string][] = [
  ['throws.cjs', `function f() { throw new TypeError('bad thing') }\n  f()`],
  ['timer-throws.cjs', `setTimeout(() => { null.x }, 1)`],
  [
    'tick-throws.cjs',
    `process.nextTick(() => { throw new Error('tick') }); setImmediate(() => console.log('never'))`,
  ],
  ['rejects.cjs', `Promise.reject(new Error('rejected'))`],
  ['rejects-primitive.cjs', `Promise.reject(42)`],
  [
    'rejects-late.cjs',
    `async function main() { await null; throw new Error('async main') } main()`,
  ],
  ['syntax.cjs', `let a = 1\nlet b = foo bar\n`],
  ['not-found.cjs', `require('./nope')`],
  ['not-found.mjs', `import './nope.mjs'`],
  ['throws.mjs', `throw new Error('esm boom')`],
  ['throws-late.mjs', `await null; throw new RangeError('late')`],
  ['no-export.mjs', `import { x } from 'node:fs'`],
  ['syntax.mjs', `const a = 1\nlet b = ;\n`],
  [
    'unsettled.mjs',
    `process.on('exit', (code) => console.log('exit', code, process.exitCode)); console.log(1); await 1; await new Promise(() => {})`,
  ],
  [
    'custom.cjs',
    `class MyError extends Error { constructor(m) { super(m); this.name = 'MyError'; this.status = 4 } }\nthrow new MyError('custom')`,
  ],
  ['cause.cjs', `const error = new Error('outer', { cause: new Error('inner') })\n\nthrow error`],
  ['aggregate.cjs', `throw new AggregateError([new Error('a'), new TypeError('b')], 'many')`],
  ['emitter.cjs', `new (require('events'))().emit('error', new Error('unheard'))`],
  [
    'emitter-object.cjs',
    `try { new (require('events'))().emit('error', { a: 1 }) } catch (error) { console.log(error.message, error.code, error.context) }`,
  ],
  [
    'handled.cjs',
    `process.on('uncaughtException', (e, origin) => console.log(e.message, origin)); process.on('exit', (c) => console.log('exit', c)); setTimeout(() => { throw new Error('x') }, 1); setTimeout(() => console.log('after'), 500)`,
  ],
  [
    'monitor.cjs',
    `process.on('uncaughtExceptionMonitor', (e, origin) => console.log('monitor', e.message, origin)); throw new Error('m')`,
  ],
  [
    'capture.cjs',
    `process.setUncaughtExceptionCaptureCallback((e) => console.log('captured', e.message)); setTimeout(() => console.log('goes on'), 1); throw new Error('c')`,
  ],
  [
    'handler-throws.cjs',
    `process.on('uncaughtException', () => { throw new Error('again') }); throw new Error('first')`,
  ],
  [
    'identity.cjs',
    `const error = new Error('x'); error.extra = 1; process.on('unhandledRejection', (reason, promise) => console.log(reason === error, promise instanceof Promise)); Promise.reject(error); process.exitCode = 3`,
  ],
  [
    'identity-read.cjs',
    `const error = new Error('x'); error.stack; process.on('unhandledRejection', (reason) => console.log(reason === error)); (async () => { throw error })()`,
  ],
  [
    'rejection-in-turn.cjs',
    `process.on('unhandledRejection', (reason) => console.log(reason.message)); setTimeout(() => Promise.reject(new Error('a')), 400); setImmediate(() => { Promise.reject(new Error('b')).catch(() => console.log('caught')) })`,
  ],
  [
    'exit-code.cjs',
    `process.on('beforeExit', (c) => console.log('before', c)); process.on('exit', (c) => console.log('exit', c)); process.exitCode = 7`,
  ],
  [
    'revived.cjs',
    `let times = 0; process.on('beforeExit', () => { console.log('before'); if (times++ < 2) setTimeout(() => console.log('again'), 1) }); process.on('exit', () => { console.log('exit'); setTimeout(() => console.log('never'), 0) })`,
  ],
  [
    'exit-in-callback.cjs',
    `setTimeout(() => process.exit(5), 2); setTimeout(() => console.log('never'), 500); process.on('exit', (c) => { console.log('exit', c); process.exitCode = 9 })`,
  ],
  [
    'exit-in-promise.cjs',
    `Promise.resolve().then(() => { console.log('then'); process.exit() ; console.log('never') }); process.nextTick(() => console.log('tick')); process.exitCode = 2`,
  ],
  ['exit-throws.cjs', `process.on('exit', () => { throw new Error('in exit') })`],
  [
    'exit-nested.cjs',
    `process.on('exit', () => { console.log('once'); process.exit(4) }); process.exit(1)`,
  ],
  [
    'warning.cjs',
    `process.on('warning', (w) => console.log(w.name, w.code, w.message)); process.emitWarning('careful', 'CustomWarning', 'C1'); process.emitWarning('twice', { detail: 'd' }); new Buffer(1)`,
  ],
  [
    'no-newline.cjs',
    `process.stdout.write('no newline'); process.stderr.write('err'); process.exit()`,
  ],
  [
    'streams.cjs',
    `console.log(process.stdin.isTTY, process.stdout.isTTY, process.stdout.writableLength); process.stdin.on('data', () => {}).on('end', () => console.log('stdin ended')); process.stdout.write('x', () => console.log('written'))`,
  ],
  [
    'argv.cjs',
    `console.log(process.argv.length, process.argv[1], process.execArgv, typeof process.pid, process.uptime() < 10, process.version, process.release.name)`,
  ],
  [
    'stack.cjs',
    `function a() { return new Error('s').stack.split('\\n').slice(0, 4) }\nconsole.log(a(), (() => { Error.stackTraceLimit = 1; return a() })())\nError.prepareStackTrace = (e, sites) => sites.map((site) => site.getFunctionName())\nconsole.log(new Error('x').stack)`,
  ],
  [
    'abort.cjs',
    `const c = new AbortController(); setTimeout(() => c.abort(), 1); require('timers/promises').setTimeout(10000, null, { signal: c.signal }).catch((e) => console.log(e.name, e.code, e.message))`,
  ],
]

test.each(programs)('%s ends as on the pinned Node', async (name, text) => {
  const [real, ours] = await Promise.all([
    runOnNode({ [name]: text }),
    runInSandbox({ [name]: text }),
  ])
  expect(ours.stdout).toBe(real.stdout)
  expect(steady(ours.stderr)).toBe(steady(real.stderr))
  expect(ours.exitCode).toBe(real.exitCode)
})

/** Frames inside Node are fewer in the sandbox, or named otherwise, and process numbers always differ. */
function steady(text: string): string {
  return text
    .replaceAll(/\n +at [^\n]*\(?node:[^\n]*/g, '')
    .replaceAll(/\(node:\d+\)/g, '(node:pid)')
}

test.each([
  ['{ a: 1 }', 'Uncaught:\n{ a: 1 }\n\nNode.js'],
  [
    'null',
    'Uncaught:\nnull\n(Use `node --trace-uncaught ...` to show where the exception was thrown)\n\nNode.js',
  ],
])('a thrown %s is shown without the place, which only V8 knows', async (value, text) => {
  const { stderr, exitCode } = await runInSandbox({ 'main.cjs': `throw ${value}` })
  expect(stderr).toContain(text)
  expect(exitCode).toBe(1)
})

test.each(["throw new Error('no')", "return 'x'"])(
  'a program that has replaced what shows its last error ends with its exit code: %s',
  async (body) => {
    const { exitCode } = await runInSandbox({
      'main.cjs': `String.prototype.slice = function () { ${body} }\nnull.x`,
    })
    expect(exitCode).toBe(1)
  },
)
