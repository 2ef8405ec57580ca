import { createRandom } from '../../world/random.ts'

/** Time to the first timer and between two, in milliseconds: long enough that a busy machine does not confuse them. */
const firstMs = 400
const slotMs = 100
const maxTimers = 7
const maxDepth = 4

/** A random event-loop program whose output is the same on every run of the real Node. */
export interface LoopProgram {
  name: string
  text: string
  /** What the writer drew, each in [0, 1); `writeLoopProgram` makes the same program of it again. */
  choices: number[]
}

/**
 * Writes a program of nested ticks, microtasks, immediates, timers, async functions, emitters and streams that prints the
 * order in which its parts ran. Nothing in it races on the real Node: timers are due at times far apart, and no immediate
 * is set where a timer could be due too.
 */
export function generateLoopProgram(seed: number): LoopProgram {
  return write(`loop-${seed}`, createRandom(seed * 7919 + 17))
}

/** The program of these choices; past their end every choice is 0, which is the simplest. */
export function writeLoopProgram(choices: readonly number[]): LoopProgram {
  let next = 0
  return write('loop-shrunk', () => choices[next++] ?? 0)
}

function write(name: string, random: () => number): LoopProgram {
  const choices: number[] = []
  const writer = new ProgramWriter(() => {
    const choice = random()
    choices.push(choice)
    return choice
  })
  const text = writer.program()
  return { name: `${name}.${writer.isModule ? 'mjs' : 'cjs'}`, text, choices }
}

class ProgramWriter {
  readonly isModule: boolean
  #random: () => number
  #labels = 0
  #timers = 0
  #isTracking: boolean
  /** Whether the program listens to its uncaught errors, and so may throw. */
  #isCatching: boolean
  /** Of one entry isolated-vm reports one rejection only (see `reason-memory.ts`), so no program has two. */
  #canReject: boolean
  #budget: number

  constructor(random: () => number) {
    this.#random = random
    this.isModule = this.#chance(1 / 3)
    this.#isTracking = this.#chance(1 / 2)
    this.#isCatching = this.#chance(1 / 3)
    this.#canReject = this.#chance(1 / 3)
    this.#budget = this.#below(56)
  }

  program(): string {
    const { isModule } = this
    const modules = [
      ['events', '{ EventEmitter, once, on }'],
      ['util', 'util'],
      ['stream', '{ Readable, PassThrough, Transform, finished }'],
      ['stream/promises', 'streams'],
      ['timers/promises', 'timers'],
      ['fs', 'fs'],
      // Naming it makes the sandbox instrument every `await`; half of the programs prove that this changes no order.
      ...(this.#isTracking ? [['async_hooks', '{ AsyncResource, AsyncLocalStorage }']] : []),
    ]
    const imports = modules.map(([name, variable = '']) =>
      isModule
        ? `import ${variable.startsWith('{') ? variable : `* as ${variable}`} from 'node:${name}'`
        : `const ${variable} = require('node:${name}')`,
    )
    return [
      ...imports,
      'let n = 0',
      this.#isTracking ? 'const store = new AsyncLocalStorage()' : '',
      `const log = (label) => console.log(n++ + ' ' + label${this.#isTracking ? " + ' ' + store.getStore()" : ''})`,
      "const asyncValue = async (value) => { log('in ' + value); await null; return value }",
      "const thenable = (value) => ({ then(resolve) { log('then ' + value); resolve(value) } })",
      "process.on('exit', (code) => log('exit ' + code))",
      this.#isCatching
        ? "process.on('uncaughtException', (error, origin) => log(origin + ' ' + error.message))"
        : '',
      this.#canReject
        ? "process.on('unhandledRejection', (reason) => console.log(n++ + ' unhandled ' + reason.message))"
        : '',
      "process.once('beforeExit', () => { log('beforeExit'); setImmediate(() => log('revived')) })",
      this.#body(0, 0, 5 + this.#below(4)),
      isModule && this.#chance(0.5) ? `await asyncValue('top')\n${this.#body(1, 0, 2)}` : '',
      this.#fileTail(),
      '',
    ].join('\n')
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #chance(probability: number): boolean {
    return this.#random() > 1 - probability
  }

  #label(): string {
    return `'${(++this.#labels).toString(36)}'`
  }

  /** `dueMs`: when this code runs, counted from the start. */
  #body(depth: number, dueMs: number, count = 1 + this.#below(3)): string {
    const statements = [`log(${this.#label()})`]
    for (let i = 0; i < count && this.#budget > 0; i++) {
      this.#budget--
      statements.push(this.#statement(depth + 1, dueMs))
    }
    return statements.join('\n')
  }

  #statement(depth: number, dueMs: number): string {
    if (depth > maxDepth) return `log(${this.#label()})`
    const inner = (count?: number) => `{\n${this.#body(depth, dueMs, count)}\n}`
    const choices: (() => string)[] = [
      () => `process.nextTick(() => ${inner()})`,
      () => `queueMicrotask(() => ${inner()})`,
      () => `setImmediate(() => ${inner()})`,
      () => `Promise.resolve().then(() => ${inner()}).then(() => ${inner(1)})`,
      () =>
        `Promise.reject(new Error('e')).catch((error) => { log(error.message); ${this.#body(depth, dueMs, 1)} }).finally(() => ${inner(1)})`,
      () => this.#asyncFunction(depth, dueMs),
      () => this.#asyncFunction(depth, dueMs),
      () => this.#timer(depth),
      () => this.#timer(depth),
      () => this.#combinator(),
      () => this.#emitter(depth, dueMs),
      () => this.#generator(),
      () => this.#signal(depth, dueMs),
      () => this.#cleared(),
      () => this.#stream(),
      () => `timers.setImmediate(${this.#label()}).then(log)`,
      () => `try { throw new Error('t') } catch (error) { log(error.message) } finally ${inner(1)}`,
      () =>
        `new Promise((resolve) => { process.nextTick(resolve, ${this.#label()}); ${this.#body(depth, dueMs, 1)} }).then(log)`,
      () => `util.promisify((done) => setImmediate(done, null, ${this.#label()}))().then(log)`,
      () =>
        this.#isTracking
          ? `store.run(${this.#label()}, () => ${inner(2)})`
          : `log(${this.#label()})`,
      () =>
        this.#isTracking
          ? `new AsyncResource('R').runInAsyncScope(() => ${inner(1)})`
          : `log(${this.#label()})`,
      () => this.#thrown(),
      () => this.#rejected(),
      () => this.#disposed(depth, dueMs),
      () => this.#webStream(),
      () => this.#transform(),
      () => this.#listened(),
      () => `timers.scheduler.yield().then(() => log(${this.#label()}))`,
      () => `setImmediate(() => log(${this.#label()})).unref().ref()`,
      () =>
        `setImmediate(() => { Promise.resolve().then(() => ${inner(1)}); process.nextTick(() => ${inner(1)}) })\nsetImmediate(() => ${inner(1)})`,
    ]
    return (choices[this.#below(choices.length)] as () => string)()
  }

  /** `canBeThenable`: V8 alone knows the context of a `then` it calls for anything but an `await`. */
  #awaited(canBeThenable = false): string {
    const choices = [
      'null',
      'Promise.resolve()',
      `asyncValue(${this.#label()})`,
      canBeThenable || !this.#isTracking ? `thenable(${this.#label()})` : 'null',
      `new Promise((resolve) => setImmediate(resolve))`,
      `new Promise((resolve) => process.nextTick(resolve))`,
      `Promise.all([asyncValue(${this.#label()}), null])`,
      `new Promise((resolve) => queueMicrotask(resolve))`,
    ]
    return choices[this.#below(choices.length)] as string
  }

  #asyncFunction(depth: number, dueMs: number): string {
    const lines = [`log(${this.#label()})`]
    for (let i = 0; i < 1 + this.#below(3); i++) {
      lines.push(
        this.#chance(0.2)
          ? `try { await Promise.reject(new Error('r')) } catch (error) { log(error.message) }`
          : `await ${this.#awaited(true)}`,
        this.#body(depth + 1, dueMs, 1),
      )
    }
    if (this.#chance(0.3)) lines.push(`return ${this.#awaited()}`)
    return `;(async () => {\n${lines.join('\n')}\n})().then(() => log(${this.#label()}))`
  }

  /** A timer of its own time; what it sets up counts from there. */
  #timer(depth: number): string {
    if (this.#timers >= maxTimers) return `log(${this.#label()})`
    const dueMs = firstMs + this.#timers++ * slotMs
    const body = `{\n${this.#body(depth, dueMs)}\n}`
    // Real time: a nested timer's delay counts from when it is set, so only top-level code may set one.
    if (depth > 1) return `queueMicrotask(() => ${body})`
    if (this.#chance(0.25)) return `timers.setTimeout(${dueMs}, ${this.#label()}).then(log)`
    const timer = `setTimeout(() => ${body}, ${dueMs})`
    return this.#chance(0.3) ? `${timer}\nsetTimeout(() => log(${this.#label()}), ${dueMs})` : timer
  }

  #combinator(): string {
    const name = ['all', 'allSettled', 'race', 'any'][this.#below(4)] as string
    const items = Array.from({ length: 2 + this.#below(2) }, () => this.#awaited()).join(', ')
    return `Promise.${name}([${items}]).then(() => log(${this.#label()}))`
  }

  #emitter(depth: number, dueMs: number): string {
    const handlers = `e.on('x', () => {\n${this.#body(depth + 1, dueMs, 1)}\n})\ne.once('x', () => log(${this.#label()}))`
    return `{ const e = new EventEmitter()\n${handlers}\nonce(e, 'x').then(() => log(${this.#label()}))\ne.emit('x')\ne.emit('x') }`
  }

  #generator(): string {
    const steps = `async function* () { yield ${this.#label()}; await null; yield ${this.#label()} }`
    return `;(async () => { for await (const value of (${steps})()) log(value); log(${this.#label()}) })()`
  }

  #signal(depth: number, dueMs: number): string {
    const body = this.#body(depth + 1, dueMs, 1)
    return `{ const c = new AbortController()\nc.signal.addEventListener('abort', () => {\n${body}\n})
timers.setTimeout(9999, null, { signal: c.signal }).catch((error) => log(error.name))
queueMicrotask(() => c.abort()) }`
  }

  #cleared(): string {
    return `{ const i = setImmediate(() => log('never'))\nconst t = setTimeout(() => log('never'), 5000)
process.nextTick(() => { clearImmediate(i); clearTimeout(t); log(${this.#label()}) }) }`
  }

  #stream(): string {
    const source = `Readable.from([${this.#label()}, ${this.#label()}])`
    return `${source}.pipe(new PassThrough({ objectMode: true })).on('data', log).on('end', () => log(${this.#label()}))`
  }

  /**
   * An error that nobody catches, where Node goes on at once. After one in a tick the other ticks wait for whatever comes
   * next, and on the real Node that can be a task of V8's own.
   */
  #thrown(): string {
    if (!this.#isCatching) return `log(${this.#label()})`
    const error = `throw new Error(${this.#label()})`
    return this.#chance(0.5)
      ? `setImmediate(() => { ${error} })\nsetImmediate(() => log(${this.#label()}))`
      : `queueMicrotask(() => { ${error} })`
  }

  #rejected(): string {
    if (!this.#canReject) return `log(${this.#label()})`
    this.#canReject = false
    const places = [
      `Promise.reject(new Error(${this.#label()}))`,
      `;(async () => { await null; throw new Error(${this.#label()}) })()`,
      `setImmediate(async () => { throw new Error(${this.#label()}) })`,
    ]
    return places[this.#below(places.length)] as string
  }

  #disposed(depth: number, dueMs: number): string {
    const resource = `{ async [Symbol.asyncDispose]() { log(${this.#label()}); await null; log(${this.#label()}) } }`
    return `;(async () => { await using r = ${resource}\n${this.#body(depth + 1, dueMs, 1)}\n})().then(() => log(${this.#label()}))`
  }

  #webStream(): string {
    const source = `new ReadableStream({ start(c) { c.enqueue(${this.#label()}) }, pull(c) { c.enqueue(${this.#label()}); c.close() } })`
    return `;(async () => { for await (const value of ${source}) log(value); log(${this.#label()}) })()`
  }

  #transform(): string {
    const transform = `new Transform({ objectMode: true, transform(chunk, _, done) { process.nextTick(done, null, chunk + '!') } })`
    const sink = `async (source) => { for await (const chunk of source) log(chunk) }`
    return `streams.pipeline(Readable.from([${this.#label()}, ${this.#label()}]), ${transform}, ${sink}).then(() => log(${this.#label()}))`
  }

  #listened(): string {
    return `{ const e = new EventEmitter()
;(async () => { for await (const [value] of on(e, 'x')) { log(value); if (value === 'last') break } log(${this.#label()}) })()
process.nextTick(() => { e.emit('x', ${this.#label()}); e.emit('x', 'last') }) }`
  }

  /** The one place where a file is read: when nothing else is left to run. */
  #fileTail(): string {
    const dueMs = firstMs + (maxTimers + 2) * slotMs
    return `setTimeout(() => fs.stat('/', () => {
  log('stat')
  setTimeout(() => log('timeout'), 0)
  setImmediate(() => log('immediate'))
  process.nextTick(() => log('tick'))
  Promise.resolve().then(() => log('micro'))
}), ${dueMs})`
  }
}
