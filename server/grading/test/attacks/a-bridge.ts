import type { Attack, CaseKit } from './attack.ts'
import { areGone } from './guests.ts'
import {
  attack,
  beforeHonest,
  brief,
  honestAlike,
  honestProgram,
  look,
  looks,
  meetsNothing,
  roomy,
  spins,
} from './programs.ts'

/** Calls every function of the libraries that do work on the host with the same arguments; what each throws is printed. */
const callAll = (args: string, more = '') => `${more}
let calls = 0
const skip = /^(exit|abort|kill|_|close|ftruncate|fchmod|set|write|start|stop|take|Worker|generatePrime|generateKeyPairSync|generateKeyPair|enableCompileCache|runMain|syncBuiltinESMExports)/
for (const name of ['crypto', 'zlib', 'url', 'util', 'vm', 'v8', 'perf_hooks', 'dns', 'string_decoder', 'fs', 'os', 'querystring', 'buffer', 'module']) {
  const library = require(name)
  for (const key of Object.keys(library)) {
    if (skip.test(key) || typeof library[key] !== 'function') continue
    for (const args of ${args}) for (const call of [(...a) => library[key](...a), (...a) => new library[key](...a)]) {
      calls++
      globalThis.current = name + '.' + key
      try { const result = call(...args); result?.on?.('error', () => {}); if (typeof result?.then === 'function') await Promise.race([Promise.resolve(result).catch(refuse), new Promise((done) => setImmediate(done))]) } catch (error) { const stack = text(error?.stack); if (!/\\(node:|\\/app\\/|<anonymous>/.test(stack)) found(stack); if (/canary|isolated-vm/.test(stack)) found(stack) }
    }
  }
}
say('called ' + calls); if (calls < 300) throw new Error('called too little')`

const quiet =
  "process.on('uncaughtException', () => {}); process.on('unhandledRejection', () => {}); process.on('warning', () => {})"

/** A07–A17, A23: what crosses to the host and back. */
export const bridgeAttacks: Attack[] = [
  attack('A07', 'args-getter', 'an object whose getter loops, as an argument', 'KILLED', {
    'of a digest': spins(
      "import { createHash } from 'node:crypto'\ncreateHash('sha256', { get outputLength() { for (;;); } })\n",
    ),
    'of a message that is cloned': spins('structuredClone({ get a() { for (;;); } })\n'),
  }),
  attack(
    'A08',
    'args-proxy',
    'a proxy and a revoked one as arguments',
    'CLEAN',
    looks({
      revoked: callAll(
        '[[p], ["a", p], [p, p, p]]',
        `${quiet}\nconst { proxy: p, revoke } = Proxy.revocable(function () {}, {}); revoke()`,
      ),
      'with traps that throw': callAll(
        '[[p], ["sha256", p], [p, p, p]]',
        `${quiet}\nconst p = new Proxy({}, new Proxy({}, { get() { return () => { throw new Proxy(new Error('trap'), {}) } } }))`,
      ),
    }),
  ),
  attack('A09', 'args-huge-string', 'a string of 500 MB as an argument', 'KILLED', {
    '': {
      kind: 'run',
      files: {
        'server.js':
          "import { createHash } from 'node:crypto'\nconst all = []\nfor (;;) { const text = 'x'.repeat(5e8); all.push(text); createHash('sha256').update(text).digest(); Buffer.byteLength(text) }\n",
      },
      limits: roomy,
    },
  }),
  attack(
    'A10',
    'args-deep',
    'an array 100,000 deep as an argument',
    'CLEAN',
    look(`
${quiet}
let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]
const object = {}; let at = object; for (let i = 0; i < 1e5; i++) at = at.a = {}
for (const it of [deep, object]) for (const act of [() => structuredClone(it), () => JSON.stringify(it), () => require('v8').serialize(it), () => require('crypto').createHash('sha256', it), () => require('util').inspect(it, { depth: Infinity }).length, () => new MessageChannel().port1.postMessage(it), () => require('vm').runInThisContext('(x) => { throw x }')(it), () => console.log(it), () => require('util').isDeepStrictEqual(it, structuredClone([it]))]) attempt(act)`),
  ),
  attack('A11', 'args-proto-keys', 'own __proto__ and constructor.prototype keys', 'CLEAN', {
    '': {
      kind: 'case',
      files: {
        'server.js': beforeHonest(`import * as crypto from 'node:crypto'
import { parseEnv, styleText } from 'node:util'
import vm from 'node:vm'
const evil = JSON.parse('{"__proto__":{"polluted":"yes","says":"hello"},"constructor":{"prototype":{"polluted":"yes"}}}')
const acts = [
  () => crypto.createHash('shake256', evil), () => crypto.scryptSync('a', 'b', 8, evil), () => crypto.generateKeyPairSync('ec', { namedCurve: 'P-256', ...evil }),
  () => crypto.createPublicKey({ key: evil, format: 'jwk' }), () => crypto.createPublicKey({ key: { kty: 'EC', crv: 'P-256', ...evil }, format: 'jwk' }), () => structuredClone(evil),
  () => parseEnv('__proto__=x\\nconstructor=y'), () => vm.runInThisContext('({ "__proto__": { polluted: 1 } })'), () => { throw evil },
  () => new URLPattern(evil), () => new URLPattern('/:__proto__').exec('/x'), () => fetch('http://x.invalid', evil).catch(() => {}),
]
for (const act of acts) try { act() } catch {}
Object.prototype.inherited = 'yes'
for (const act of acts) try { act() } catch {}
delete Object.prototype.inherited
if ({}.polluted !== undefined) throw new Error('polluted its own realm by a call')`),
      },
      // The same process then serves an honest program, whose realm must not have heard of it.
      check: async ({ start, startHonest, askFour, candidate, expect }: CaseKit) => {
        expect((await askFour((await start()).url))[0]).toBe('passed')
        expect((await askFour((await startHonest()).url))[0]).toBe('passed')
        const seen = await candidate.evaluate(() => [
          ({} as { polluted?: string }).polluted ?? null,
          ({} as { inherited?: string }).inherited ?? null,
          Object.keys(Object.prototype).length,
        ])
        expect(seen).toEqual([null, null, 0])
      },
    },
  }),
  attack(
    'A12',
    'args-type-confusion',
    'wrong types and arity for every function that leads to the host',
    'CLEAN',
    looks({
      'with primitives': callAll(
        '[[], [undefined], [null], [1], [-1], [1e9], [NaN], [true], [""], ["x"], ["a", "b", "c", "d"]]',
        quiet,
      ),
      'with objects': callAll(
        '[[{}], [[]], [{ length: -1 }], [new Date(NaN)], ["sha256", {}], [{}, {}, {}, {}], [Object.create(null)], [[[]], [[]]]]',
        quiet,
      ),
      'of the bindings that a program can name': `${quiet}
for (const name of ['fs', 'crypto', 'zlib', 'buffer', 'util', 'constants', 'natives', 'url', 'contextify', 'v8', 'os', 'http_parser', 'tcp_wrap', 'stream_wrap', 'cares_wrap', 'async_wrap', 'config', 'icu', 'process_wrap', 'spawn_sync', 'uv', 'timer_wrap', 'tty_wrap', 'udp_wrap', 'pipe_wrap', 'js_stream', 'signal_wrap', 'inspector', 'module_wrap', 'door', 'assay']) {
  const binding = attempt(() => process.binding(name)); if (!binding) continue
  for (const key of Object.keys(binding)) if (typeof binding[key] === 'function' && !/exit|abort|kill/i.test(key)) for (const args of [[], [null], [{}], [-1, -1], [bait.file], ['x', {}, [], 1n]]) { attempt(() => binding[key](...args)); attempt(() => new binding[key](...args)) }
}`,
    }),
  ),
  attack(
    'A13',
    'args-shared-memory',
    'shared and transferred memory as an argument',
    'DENIED',
    look(`
const shared = [() => new SharedArrayBuffer(8), () => new (Object.getPrototypeOf(Int8Array))(), () => require('vm').runInNewContext('new SharedArrayBuffer(8)'), () => structuredClone(new SharedArrayBuffer(8)), () => require('v8').deserialize(Buffer.from([255, 15, 117, 0])), () => new (require('buffer').Blob)([]).constructor.prototype.constructor.SharedArrayBuffer, () => Reflect.construct(ArrayBuffer, [8], globalThis.SharedArrayBuffer), () => process.binding('buffer').createUnsafeArrayBuffer?.(8)]
for (const way of shared) attempt(() => { const it = way(); if (Object.prototype.toString.call(it) === '[object SharedArrayBuffer]') write('ESCAPED to shared memory\\n') })
const bytes = new Uint8Array(1 << 20), { port1, port2 } = new MessageChannel()
port1.postMessage(bytes, [bytes.buffer]); port1.close()
for (const act of [() => require('crypto').createHash('sha256').update(bytes).digest('hex'), () => require('zlib').gzipSync(bytes), () => require('zlib').crc32(bytes), () => new TextDecoder().decode(bytes), () => require('fs').writeFileSync('x', bytes), () => Buffer.from(bytes.buffer), () => structuredClone(bytes), () => require('crypto').randomFillSync(bytes), () => process.stdout.write(bytes)]) attempt(() => say(typeof act()))`),
  ),
  attack(
    'A14',
    'args-exotic',
    'symbol, bigint, function, Date, RegExp, Map, errors as arguments',
    'CLEAN',
    look(
      callAll(
        '[[Symbol("x")], [10n ** 50n], [() => {}], [new Date()], [/x/], [new Map([[1, 2]])], [new Set([1])], [new (class extends Error { get name() { throw 1 } })()], [new WeakMap()], [Promise.resolve()], [globalThis], [new Float64Array(3)], [new DataView(new ArrayBuffer(4))], ["sha256", Symbol.iterator], ["aes-128-gcm", 1n, new Date()]]',
        quiet,
      ),
    ),
  ),
  attack('A15', 'late-callback', 'calls of captured functions after the attempt is over', 'SAME', {
    'printed after exit': {
      kind: 'run',
      files: {
        'server.js': `const print = process.stdout.write.bind(process.stdout), exit = process.reallyExit
process.reallyExit = (code) => { print('after the end\\n'); setInterval(() => print('late\\n'), 1); queueMicrotask(() => print('later\\n')); exit.call(process, code) }
process.on('exit', () => { setTimeout(() => print('late\\n'), 0); Promise.resolve().then(() => print('late\\n')) })
process.exit(0)
`,
      },
      limits: usualLimits(),
      honest: { 'server.js': 'process.exit(0)\n' },
      verify: (result) =>
        JSON.stringify(result.console).includes('late') ? 'it printed after its end' : undefined,
    },
    'left running when the verdict is out': {
      kind: 'scene',
      async play(arena) {
        const startedAt = performance.now()
        const limits = { memoryMb: 129, wallClockMs: 20_000 }
        const result = await arena.grade(
          {
            'server.js': beforeHonest(
              "setInterval(() => console.log('late'), 1)\nprocess.on('SIGTERM', () => {})",
            ),
          },
          { limits },
        )
        const isOver = await areGone(limits.memoryMb)
        return {
          outcome: !isOver ? 'BROKEN' : result.score.earned === 25 ? 'SAME' : 'FORGED',
          detail: isOver ? '' : 'its process still runs',
          ms: performance.now() - startedAt,
          peakMb: result.usage.peakMb,
        }
      },
    },
  }),
  attack('A16', 'async-reject-crash', 'asynchronous host operations that reject', 'CLEAN', {
    'many, all caught or not': look(`
process.on('unhandledRejection', (error) => { refuse(error) })
const crypto = require('crypto'), fs = require('fs').promises, zlib = require('zlib'), util = require('util')
const rejecting = () => [crypto.subtle.digest('no', new Uint8Array(1)), crypto.subtle.generateKey({ name: 'no' }, true, []), crypto.subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(0) }, null, new Uint8Array(0)), util.promisify(crypto.scrypt)('a', 'b', -1), util.promisify(crypto.pbkdf2)('a', 'b', 1, 8, 'no'), util.promisify(crypto.generateKeyPair)('rsa', { modulusLength: 3 }), util.promisify(zlib.gunzip)('x'), util.promisify(zlib.brotliDecompress)(Buffer.from([9, 9])), fs.readFile('/no'), fs.open('/no'), import('/no'), import('node:no'), import('data:text/javascript,throw 1'), fetch('http://no.invalid'), require('dns').promises.resolve('no.invalid'), new Response('x').body.pipeTo(1), WebSocket && Promise.reject(1)]
for (let i = 0; i < 20; i++) await Promise.allSettled(rejecting().map((p) => p))
rejecting(); attempt(() => new WebSocket('ws://no.invalid').addEventListener('error', () => {}))
await new Promise((done) => setTimeout(done, 50))`),
    'unhandled, with a server': {
      kind: 'case',
      files: {
        'server.js': `import { subtle } from 'node:crypto'\nsubtle.digest('no', new Uint8Array(1))\n${honestProgram}`,
      },
      check: async ({ start, expect }: CaseKit) => {
        await expect(start()).rejects.toThrow()
      },
    },
  }),
  attack(
    'A17',
    'reentrancy',
    'the bridge from inside a call of the bridge, 1000 deep',
    'CLEAN',
    looks({
      'by scripts that run scripts': `
const vm = require('vm')
for (const depth of [100, 1000, 1e6]) { let n = 0; globalThis.dive = () => { if (++n < depth) vm.runInThisContext('dive()') }; attempt(() => vm.runInThisContext('dive()')); say(n > 50) }`,
      'by modules that require modules': `
const fs = require('fs'); for (let i = 0; i < 1000; i++) fs.writeFileSync('/tmp/m' + i + '.cjs', 'require("./m' + (i + 1) + '.cjs")')
fs.writeFileSync('/tmp/m1000.cjs', ''); attempt(() => require('/tmp/m0.cjs'))`,
      'by callbacks': `
const crypto = require('crypto')
await new Promise((done) => { let n = 0; const again = () => { ++n < 1000 ? crypto.randomBytes(4, again) : done() }; again() })
let depth = 0; const options = { get outputLength() { if (++depth < 1000) { try { crypto.createHash('shake256', options) } catch {} } return 8 } }
attempt(() => crypto.createHash('shake256', options)); say(depth)
let steps = 0; Error.prepareStackTrace = () => { if (++steps < 1000) { try { new URL('::') } catch (error) { error.stack } } return '' }; attempt(() => new URL('::').stack)`,
    }),
  ),
  attack(
    'A23',
    'typedarray-species',
    'a hostile species on Buffers that are written to a socket',
    'CLEAN',
    {
      '': honestAlike(`import http from 'node:http'
const kept = []
class Species extends Uint8Array { constructor(...args) { super(...args); kept.push(this) } static get [Symbol.species]() { return function (...args) { const made = new Uint8Array(new ArrayBuffer(1 << 16), 0, typeof args[0] === 'number' ? args[0] : args[2]); kept.push(made); return made } } }
Object.defineProperty(Buffer, Symbol.species, { get: () => Species })
Object.defineProperty(Object.getPrototypeOf(Uint8Array), Symbol.species, { get: () => Species })
http.createServer((_, res) => {
  const body = new Proxy(Buffer.from('{"says":"hello"}'), {})
  const bytes = Buffer.from('{"says":"hello"}'); bytes.constructor = { [Symbol.species]: Species }
  res.setHeader('content-type', 'application/json'); res.setHeader('content-length', bytes.length)
  try { res.write(body) } catch {}
  res.end(bytes); bytes.fill(32, bytes.length)
}).listen(process.env.PORT)
`),
      'with bytes that change meanwhile': {
        kind: 'case',
        files: {
          'server.js':
            "import http from 'node:http'\nhttp.createServer((_, res) => { const bytes = Buffer.from('{\"says\":\"wrong\"}'); res.setHeader('content-type', 'application/json'); res.end(bytes); setImmediate(() => bytes.write('hello', 9)); setTimeout(() => bytes.write('hello', 9), 1) }).listen(process.env.PORT)\n",
        },
        check: meetsNothing,
      },
    },
  ),
]

function usualLimits() {
  return { ...brief, wallClockMs: 10_000 }
}
