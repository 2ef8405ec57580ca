import type { Attack, CaseKit } from './attack.ts'
import {
  accepting,
  amiss,
  answering,
  attack,
  beforeHonest,
  brief,
  failing,
  honestAlike,
  honestProgram,
  look,
  spins,
  usual,
} from './programs.ts'

const burnt = (sentence: string, limit: string) => (result: { limit?: string; sentence: string }) =>
  result.limit === limit && result.sentence === sentence
    ? undefined
    : `${result.limit}: ${result.sentence}`

/** B01–B29: programs that do not come back. */
export const livenessAttacks: Attack[] = [
  attack('B01', 'sync-loop', 'a loop at load and in a handler', 'KILLED', {
    'at load, by processor time': {
      kind: 'run',
      files: { 'server.js': 'for (;;) {}\n' },
      limits: usual,
      verify: (result) =>
        burnt(
          'The program used more than 3 s of processor time and was stopped.',
          'cpuMs',
        )(result) ??
        (result.cases.map(({ status }) => status).join() === 'timed-out,not-run,not-run,not-run'
          ? undefined
          : 'other cases ran'),
    },
    'in a handler': spins(answering('() => { for (;;) {} }')),
    'in an exit handler': spins("process.on('exit', () => { for (;;); })\nprocess.exit(0)\n"),
  }),
  attack(
    'B02',
    'microtask-loop',
    'an endless loop in a promise callback',
    'KILLED',
    spins('Promise.resolve().then(() => { for (;;); })\n'),
  ),
  attack(
    'B03',
    'promise-chain-bomb',
    'a then that queues itself',
    'KILLED',
    spins('const spin = () => void Promise.resolve().then(spin)\nspin()\n'),
  ),
  attack('B04', 'nextTick-starvation', 'a tick that queues itself', 'KILLED', {
    '': spins('const spin = () => process.nextTick(spin)\nspin()\n'),
    'seen in the phases of a trace': {
      kind: 'run',
      files: {
        'server.js': `${honestProgram}setTimeout(() => { const spin = () => process.nextTick(spin); spin() }, 5000)\n`,
      },
      limits: { ...brief, wallClockMs: 3000 },
      check: async ({ trace, candidate, clock, expect }: CaseKit) => {
        await candidate.start()
        const phases = await trace.phases()
        expect(phases.some(({ name }: { name: string }) => name === 'main')).toBe(true)
        await clock.advance(10_000)
      },
    },
  }),
  attack('B05', 'immediate-storm', 'an immediate that queues itself', 'KILLED', {
    'by its number of turns': {
      kind: 'run',
      files: { 'server.js': 'const spin = () => setImmediate(spin)\nspin()\n' },
      limits: usual,
      verify: burnt(
        'The program kept its event loop busy for more than 200000 turns and was stopped.',
        'steps',
      ),
    },
    'by the clock': {
      kind: 'run',
      files: {
        'server.js':
          'const spin = () => { for (let i = 0; i < 1e5; i++); setImmediate(spin) }\nspin()\n',
      },
      limits: { ...brief, steps: 1e9 },
      verify: (result) => (result.limit === 'wallClockMs' ? undefined : `ended by ${result.limit}`),
    },
  }),
  attack('B06', 'timer-bomb', 'a million timers', ['CLEAN', 'KILLED'], {
    kind: 'run',
    files: {
      'server.js':
        'for (let i = 0; i < 1e6; i++) setTimeout(() => {}, i)\nfor (let i = 0; i < 1e6; i++) setTimeout(() => {}, 1)\n',
    },
    limits: { wallClockMs: 8000, cpuMs: 60_000 },
  }),
  attack(
    'B07',
    'interval-after-pass',
    'an interval that never ends, after a right answer',
    'SAME',
    {
      kind: 'run',
      files: {
        'server.js': `${honestProgram}setInterval(() => {}, 1)\nsetInterval(() => fetch('http://x.invalid').catch(() => {}), 10)\n`,
      },
      honest: { 'server.js': honestProgram },
      limits: usual,
    },
  ),
  attack(
    'B08',
    'async-generator-loop',
    'an endless for await',
    'KILLED',
    spins('async function* all() { for (;;) yield 1 }\nfor await (const each of all());\n'),
  ),
  attack(
    'B09',
    'regex-backtracking',
    '(a+)+$',
    'KILLED',
    spins("/^(a+)+$/.test('a'.repeat(40) + 'b')\n"),
  ),
  attack(
    'B10',
    'regex-nested',
    '20,000 nested quantifiers',
    'KILLED',
    spins(
      "for (;;) { try { new RegExp('('.repeat(20_000) + 'a' + ')*'.repeat(20_000)).test('a'.repeat(50) + 'b') } catch {} try { new RegExp('('.repeat(200) + 'a' + ')*'.repeat(200) + '$').test('a'.repeat(30) + 'b') } catch {} }\n",
    ),
  ),
  attack(
    'B11',
    'bigint-square',
    'repeated squaring',
    'KILLED',
    spins('let n = 3n\nfor (;;) n *= n\n'),
  ),
  attack(
    'B12',
    'bigint-divmod',
    'huge divisions in a loop',
    'KILLED',
    spins(
      'const n = 7n ** 3_000_000n, d = 3n ** 1_500_000n\nlet r = 0n\nfor (;;) r += (n / d) % d\n',
    ),
  ),
  attack('B13', 'bigint-tostring', 'a number of millions of digits as text', ['CLEAN', 'KILLED'], {
    kind: 'run',
    files: {
      'server.js': 'const text = (7n ** 5_000_000n).toString()\nBigInt(text).toString(3)\n',
    },
    limits: brief,
  }),
  attack(
    'B14',
    'typedarray-sort',
    'sorting 5 million doubles in a loop',
    'KILLED',
    spins(
      'const all = new Float64Array(5e6)\nfor (;;) { for (let i = 0; i < all.length; i++) all[i] = Math.random(); all.sort() }\n',
    ),
  ),
  attack(
    'B15',
    'intl-loop',
    'toLocaleString with time zones',
    'KILLED',
    spins(
      "for (let i = 0; ; i++) new Date(i * 1e7).toLocaleString('ar-EG', { timeZone: 'America/Argentina/Buenos_Aires', dateStyle: 'full', timeStyle: 'full' })\n",
    ),
  ),
  attack('B16', 'throw-getter', 'a thrown object whose message loops', ['KILLED', 'CLEAN'], {
    // Nothing of Node's or ours reads the getter of what is no error: the program then ends as it would on Node.
    message: {
      kind: 'run',
      files: { 'server.js': 'throw { get message() { for (;;); } }\n' },
      limits: brief,
    },
    'stack of an error': spins(
      "throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } })\n",
    ),
  }),
  attack('B17', 'throw-proxy', 'a thrown Proxy around an Error', 'KILLED', {
    thrown: spins(
      "throw new Proxy(new Error('x'), { get() { for (;;); }, getPrototypeOf() { for (;;); } })\n",
    ),
    rejected: spins(
      'Promise.reject(new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } }))\nsetInterval(() => {}, 1000)\n',
    ),
  }),
  attack(
    'B18',
    'prepareStackTrace-loop',
    'a looping formatter, then any error',
    'KILLED',
    spins("Error.prepareStackTrace = () => { for (;;); }\nthrow new Error('x')\n"),
  ),
  attack(
    'B19',
    'reject-getter',
    'an unhandled rejection with a looping getter',
    'KILLED',
    spins(
      'Promise.reject({ get message() { for (;;); }, get stack() { for (;;); }, get name() { for (;;); } })\nsetInterval(() => {}, 1000)\n',
    ),
  ),
  attack('B20', 'sync-callback-loop', 'endless calls of the bridge', 'KILLED', {
    digests: spins("import { randomBytes } from 'node:crypto'\nfor (;;) randomBytes(1)\n"),
    'one long derivation': spins(
      "import { pbkdf2Sync } from 'node:crypto'\npbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512')\n",
    ),
    'the inspection of what it prints': spins(
      "console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } })\n",
    ),
  }),
  attack('B21', 'finalizer-loop', 'FinalizationRegistry callbacks that loop', 'KILLED', {
    kind: 'run',
    files: {
      'server.js':
        'const registry = new FinalizationRegistry(() => { for (;;); })\nconst more = () => { for (let i = 0; i < 1000; i++) registry.register({ i, text: new Array(100) }, i); setImmediate(more) }\nmore()\n',
    },
    limits: { ...brief, wallClockMs: 3000, steps: 1e9 },
  }),
  attack(
    'B22',
    'atomics-wait',
    'blocking on Atomics.wait',
    'DENIED',
    look(`
for (const way of [() => Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0), () => Atomics.waitAsync(new Int32Array(8), 0, 0), () => require('vm').runInNewContext('Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0)'), () => Function('return Atomics')(), () => require('worker_threads').receiveMessageOnPort(new MessageChannel().port1), () => require('fs').readSync(0, Buffer.alloc(1)), () => require('child_process').spawnSync('sleep', ['1000']), () => process.binding('util').sleep?.(1e9), () => require('worker_threads').workerData.x])
  attempt(() => { const it = way(); if (it?.wait) write('ESCAPED to Atomics\\n') })`),
  ),
  attack('B23', 'hang-then-skip', 'never answers, so that the case times out', 'CLEAN', {
    'no answer': {
      kind: 'run',
      files: { 'server.js': answering('() => {}') },
      limits: usual,
      verify: ({ cases }) =>
        cases.every(({ status }) => status === 'timed-out')
          ? undefined
          : cases.map(({ status }) => status).join(),
    },
    'before it listens': failing('await new Promise(() => {})\n'),
    'a test function called skip': amiss(
      "for (const name of ['test', 'it', 'describe']) globalThis[name] = Object.assign(() => {}, { skip: () => {}, todo: () => {} })\nimport('node:http').then((http) => http.createServer(() => {}).listen(process.env.PORT))\n",
    ),
  }),
  attack(
    'B24',
    'drip-response',
    'one byte a second',
    'CLEAN',
    amiss(
      accepting(
        "(socket) => { const text = 'HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: 16\\r\\n\\r\\n{\"says\":\"hello\"}'; let at = 0; const next = () => { socket.write(text[at++] ?? ''); if (at < text.length) setTimeout(next, 1000) }; next(); socket.on('error', () => {}) }",
      ),
    ),
  ),
  attack('B25', 'open-ended-response', 'writes without an end', 'CLEAN', {
    'half of a length': amiss(
      accepting(
        "(socket) => socket.write('HTTP/1.1 200 OK\\r\\ncontent-length: 100\\r\\n\\r\\nhalf')",
      ),
    ),
    'no length': amiss(
      answering(
        "(_, res) => { res.setHeader('content-type', 'application/json'); res.write('{\"says\":\"hello\"}') }",
      ),
    ),
    'too late': amiss(
      answering(
        "(_, res) => setTimeout(() => { res.setHeader('content-type', 'application/json'); res.end('{\"says\":\"hello\"}') }, 60_000)",
      ),
    ),
  }),
  attack('B26', 'accept-idle', 'accepts and never answers', 'CLEAN', {
    '': amiss(accepting('() => {}')),
    'or closes': amiss(accepting('(socket) => socket.destroy()')),
    'or resets': amiss(accepting('(socket) => socket.resetAndDestroy()')),
  }),
  attack('B27', 'clock-tamper', 'Date, performance and timers replaced', 'SAME', {
    'of its own': honestAlike(
      beforeHonest(
        'globalThis.Date = class { static now() { return NaN } }\nperformance.now = () => -1\nprocess.hrtime = () => [0, 0]\nprocess.hrtime.bigint = () => 0n\nsetTimeout(() => {}, 1).constructor.prototype.refresh = () => {}\nglobalThis.setTimeout = globalThis.setInterval = globalThis.setImmediate = () => {}\n',
      ),
    ),
    'and then loops': {
      kind: 'run',
      files: {
        'server.js': beforeHonest(
          'Date.now = () => 0\nperformance.now = () => 0\nprocess.cpuUsage = () => ({ user: 0, system: 0 })\nsetTimeout(() => { for (;;); }, 1)\n',
        ),
      },
      honest: { 'server.js': beforeHonest('setTimeout(() => { for (;;); }, 1)\n') },
      limits: brief,
    },
  }),
  attack(
    'B28',
    'wasm-loop',
    'an infinite loop in WebAssembly',
    'DENIED',
    look(`
const bytes = Buffer.from('AGFzbQEAAAABBAFgAAADAgEABwUBAWYAAAoJAQcAA0AMAAsL', 'base64')
attempt(() => new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f())
attempt(() => require('vm').runInNewContext('new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f()', { bytes }))
require('fs').writeFileSync('/app/loop.wasm', bytes); await import('/app/loop.wasm').then((it) => it.f(), refuse)`),
  ),
  attack('B29', 'compile-bomb', '10 MB of source, 100,000 nested brackets', ['CLEAN', 'KILLED'], {
    'brackets nested too deep': failing(`x = ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`),
    'ten megabytes at once': {
      kind: 'run',
      files: {
        'server.js':
          "const text = 'function f(){return [1,2,3].map((a)=>a+1)};'.repeat(240_000)\nfor (;;) new Function(text)\n",
      },
      limits: brief,
    },
    'made of one expression': {
      kind: 'run',
      files: {
        'server.js': `export default ${'('.repeat(60_000)}1${')'.repeat(60_000)}\n${'a+'.repeat(100_000)}a\n`,
      },
      limits: { ...brief, wallClockMs: 4000 },
    },
  }),
]
