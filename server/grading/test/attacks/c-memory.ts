import type { Attack, CaseKit } from './attack.ts'
import {
  amiss,
  answering,
  attack,
  beforeHonest,
  hoards,
  honestProgram,
  look,
  roomy,
  usual,
} from './programs.ts'

/** Ends by the memory limit, or by whatever limit comes first where V8 works for long before it holds much. */
const swells = (text: string) => ({
  kind: 'run' as const,
  files: { 'server.js': text },
  limits: { wallClockMs: 6000, cpuMs: 2500 },
})

/** Ways to memory that the isolate's limit does not see; each tries to hold a gigabyte. */
const grows = (ways: string) =>
  look(`
const held = []
for (const way of ${ways}) attempt(() => {
  for (let i = 0; i < 8; i++) { const buffer = way(); held.push(buffer); if (typeof buffer?.resize === 'function') { buffer.resize(2 ** 28); new Uint8Array(buffer).fill(1); write('ESCAPED: grew to ' + buffer.byteLength + '\\n') } if (typeof buffer?.grow === 'function') { buffer.grow(2 ** 28); write('ESCAPED: grew\\n') } if (buffer?.maxByteLength > buffer?.byteLength) write('ESCAPED: may grow\\n') }
})
held.length = 0`)

/** C01–C20: memory, in the heap and beside it. */
export const memoryAttacks: Attack[] = [
  attack(
    'C01',
    'map-growth',
    'an endless Map',
    'KILLED',
    hoards('const map = new Map()\nfor (let i = 0; ; i++) map.set(i, { i })\n'),
  ),
  attack('C02', 'object-keys', 'endless string keys', 'KILLED', {
    keys: swells("const all = {}\nfor (let i = 0; ; i++) all['key' + i] = i\n"),
    objects: hoards("const all = []\nfor (let i = 0; ; i++) all.push({ i, text: 'n' + i })\n"),
  }),
  attack(
    'C03',
    'array-fill',
    'new Array(2 ** 32 - 1).fill(0)',
    'KILLED',
    swells('for (;;) { try { new Array(2 ** 32 - 1).fill(0) } catch {} }\n'),
  ),
  attack(
    'C04',
    'array-from',
    'Array.from of 2 ** 31',
    'KILLED',
    swells('for (;;) { try { Array.from({ length: 2 ** 31 }) } catch {} }\n'),
  ),
  attack(
    'C05',
    'sparse-fill',
    'a length of 2 ** 32 - 1, then fill',
    'KILLED',
    swells('for (;;) { try { const a = []; a.length = 2 ** 32 - 1; a.fill(0) } catch {} }\n'),
  ),
  attack(
    'C06',
    'concat-doubling',
    'a = a.concat(a)',
    'KILLED',
    swells('let a = [1, {}, 2]\nfor (;;) { try { a = a.concat(a) } catch { a = [1] } }\n'),
  ),
  attack(
    'C07',
    'resizable-buffer',
    'resize(2 ** 31)',
    'DENIED',
    grows(`[
  () => new ArrayBuffer(8, { maxByteLength: 2 ** 31 }), () => Reflect.construct(ArrayBuffer, [8, { maxByteLength: 2 ** 31 }]), () => new (new Uint8Array(1).buffer.constructor)(8, { maxByteLength: 2 ** 31 }),
  () => new (class extends ArrayBuffer {})(8, { maxByteLength: 2 ** 31 }), () => Reflect.construct(Object.getPrototypeOf(class extends ArrayBuffer {}), [8, { maxByteLength: 2 ** 31 }], Object),
  () => require('vm').runInNewContext('new ArrayBuffer(8, { maxByteLength: 2 ** 31 })'), () => structuredClone(new ArrayBuffer(8), { maxByteLength: 2 ** 31 }), () => new (Object.getPrototypeOf(new ArrayBuffer(1)).constructor)(8, { maxByteLength: 2 ** 31 }),
  () => require('v8').deserialize(Buffer.from([0xff, 0x0f, 0x7e, 8, 0x80, 0x80, 0x80, 0x80, 8, 0, 0, 0, 0, 0, 0, 0, 0])), () => new (require('buffer').Buffer.from([1]).buffer.constructor)(8, { maxByteLength: 2 ** 31 }), () => new (require('util').types.isArrayBuffer.constructor('return ArrayBuffer')())(8, { maxByteLength: 2 ** 31 }),
]`),
  ),
  attack(
    'C08',
    'max-byte-length',
    'many buffers with maxByteLength',
    'DENIED',
    grows(`[
  () => new ArrayBuffer(1, { maxByteLength: 64 << 20 }), () => new ArrayBuffer(1, { get maxByteLength() { return 64 << 20 } }), () => new ArrayBuffer(...[1, new Proxy({}, { get: () => 64 << 20 })]), () => ArrayBuffer.bind(null, 1, { maxByteLength: 64 << 20 }) && new (ArrayBuffer.bind(null, 1, { maxByteLength: 64 << 20 }))(),
  () => { Object.prototype.maxByteLength = 64 << 20; try { return new ArrayBuffer(1) } finally { delete Object.prototype.maxByteLength } }, () => { Object.prototype[1] = { maxByteLength: 64 << 20 }; try { return new ArrayBuffer(1) } finally { delete Object.prototype[1] } },
  () => { Object.prototype.construct = (t, a) => a; try { return new ArrayBuffer(1, { maxByteLength: 64 << 20 }) } finally { delete Object.prototype.construct } }, () => { const s = Array.prototype.slice; Array.prototype.slice = function () { return this }; try { return new ArrayBuffer(1, { maxByteLength: 64 << 20 }) } finally { Array.prototype.slice = s } },
  () => { const r = Reflect.construct; Reflect.construct = (t, a, n) => r(t, [1, { maxByteLength: 64 << 20 }], n); try { return new ArrayBuffer(1) } finally { Reflect.construct = r } },
]`),
  ),
  attack(
    'C09',
    'sab-grow',
    'SharedArrayBuffer.grow',
    'DENIED',
    grows(
      "[() => new SharedArrayBuffer(8, { maxByteLength: 2 ** 31 }), () => require('vm').runInNewContext('new SharedArrayBuffer(8, { maxByteLength: 2 ** 31 })'), () => Function('return SharedArrayBuffer')(), () => new (new MessageChannel().port1.constructor.constructor('return SharedArrayBuffer')())(8, { maxByteLength: 2 ** 31 })]",
    ),
  ),
  attack(
    'C10',
    'wasm-memory',
    'WebAssembly.Memory in a loop',
    'DENIED',
    grows(
      "[() => new WebAssembly.Memory({ initial: 1000, maximum: 60000 }), () => require('vm').runInNewContext('new WebAssembly.Memory({ initial: 1000 })'), () => Function('return new WebAssembly.Memory({ initial: 1000 })')(), () => require('http').createServer().constructor.constructor('return WebAssembly')()]",
    ),
  ),
  attack(
    'C11',
    'intl-objects',
    'Intl.DateTimeFormat in a loop, all kept',
    'KILLED',
    swells(
      "const all = []\nfor (let i = 0; ; i++) all.push(new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { timeZone: 'Asia/Tokyo', dateStyle: 'full', timeStyle: 'full' }), new Intl.Collator('de'), new Intl.NumberFormat('ar', { style: 'currency', currency: 'EUR' }))\n",
    ),
  ),
  attack('C12', 'string-doubling', 'doubling and flattening', ['KILLED', 'CLEAN'], {
    doubled: hoards("let text = 'x'\nfor (;;) { text += text; Buffer.byteLength(text) }\n"),
    many: hoards(
      "const all = []\nconst text = 'x'.repeat(1 << 20)\nfor (let i = 0; ; i++) all.push((text + i).toUpperCase())\n",
    ),
    'in Buffers': hoards('const all = []\nfor (;;) all.push(Buffer.alloc(1 << 20, 1))\n'),
  }),
  attack(
    'C13',
    'normalize-blowup',
    'NFKD and localeCompare on long text',
    'KILLED',
    swells(
      "const text = '\\ufdfa'.repeat(4e6)\nconst all = []\nfor (;;) { try { all.push(text.normalize('NFKD')) } catch {} text.localeCompare(text + 'a', 'de') }\n",
    ),
  ),
  attack('C14', 'deep-json', 'parse and stringify 5 million levels', ['CLEAN', 'KILLED'], {
    parse: swells("JSON.parse('['.repeat(5e6) + ']'.repeat(5e6))\n"),
    stringify: swells(
      'let deep = []\nfor (let i = 0; i < 5e6; i++) deep = [deep]\nJSON.stringify(deep)\n',
    ),
    'as an answer': {
      kind: 'run',
      files: {
        'server.js': answering(
          "(_, res) => { res.setHeader('content-type', 'application/json'); res.end('['.repeat(2e6) + ']'.repeat(2e6)) }",
        ),
      },
      limits: usual,
    },
  }),
  attack('C15', 'closure-leak', 'a leak at each of 10,000 requests', ['KILLED', 'CLEAN'], {
    kind: 'run',
    files: {
      'server.js':
        "const kept = []\nimport http from 'node:http'\nhttp.createServer((req, res) => { const body = new Array(4000).fill(req.url + kept.length); kept.push(() => body); res.end('x') }).listen(process.env.PORT)\n",
    },
    limits: { ...roomy, steps: 1e7 },
    check: async ({ candidate, net, expect }: CaseKit) => {
      await candidate.start()
      for (let i = 0; i < 20; i++) {
        const raw = await net.connect(3000)
        raw.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(500))
        expect((await raw.read()).split('HTTP/1.1 200').length).toBe(501)
        raw.end()
      }
    },
  }),
  attack('C16', 'header-bomb', 'a million headers, parameters, query keys', 'CLEAN', {
    'headers of an answer': amiss(
      answering(
        "(_, res) => { for (let i = 0; i < 2e5; i++) res.appendHeader('a' + (i % 1000), 'b'); res.end('x') }",
      ),
    ),
    'headers by bytes': amiss(
      "import net from 'node:net'\nnet.createServer((socket) => { socket.on('error', () => {}); socket.write('HTTP/1.1 200 OK\\r\\n'); for (let i = 0; i < 100; i++) socket.write('a: b\\r\\n'.repeat(10_000)); socket.end('\\r\\n') }).listen(process.env.PORT)\n",
    ),
    'parameters of a content type': amiss(
      answering(
        "(_, res) => { res.setHeader('content-type', 'application/json' + ';a=b'.repeat(2000)); res.end('{\"says\":\"no\"}') }",
      ),
    ),
    'query keys and headers, sent to an honest program': {
      kind: 'case',
      files: {
        'server.js':
          "import express from 'express'\nconst app = express()\napp.set('query parser', 'extended')\napp.use(express.urlencoded({ extended: true }))\napp.all('/', (req, res) => res.json({ keys: Object.keys(req.query).length + Object.keys(req.body ?? {}).length }))\napp.listen(process.env.PORT)\n",
      },
      check: async ({ start, request, net, expect }: CaseKit) => {
        const { url } = await start()
        expect((await request(url).get(`/?${'a[]=1&'.repeat(2000)}`)).status).toBeLessThan(500)
        expect((await request(url).post('/').type('form').send('a=1&'.repeat(20_000))).status).toBe(
          413,
        )
        const raw = await net.connect(3000)
        raw.write(`GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(100_000)}\r\n`)
        expect(await raw.read()).toMatch(/^HTTP\/1.1 431 /)
      },
    },
  }),
  attack('C17', 'inflate-bomb', 'compressed bodies in both directions', ['CLEAN', 'KILLED'], {
    'in an answer': {
      kind: 'run',
      files: {
        'server.js':
          "import http from 'node:http'\nimport { gzipSync } from 'node:zlib'\nconst ten = gzipSync(Buffer.alloc(10 << 20, 32), { level: 9 })\nconst bomb = Buffer.concat(Array.from({ length: 200 }, () => ten))\nhttp.createServer((_, res) => { res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }); res.end(bomb) }).listen(process.env.PORT)\n",
      },
      limits: { wallClockMs: 4000, cpuMs: 60_000 },
    },
    'in an answer of Brotli': {
      kind: 'run',
      files: {
        'server.js':
          "import http from 'node:http'\nimport { brotliCompressSync, constants } from 'node:zlib'\nconst bomb = brotliCompressSync(Buffer.alloc(40 << 20), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })\nhttp.createServer((_, res) => { res.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'br' }); res.end(bomb) }).listen(process.env.PORT)\n",
      },
      limits: { wallClockMs: 4000, cpuMs: 60_000 },
    },
    'inflated by itself': swells(
      "import zlib from 'node:zlib'\nconst bomb = zlib.gzipSync(Buffer.alloc(50 << 20))\nconst all = []\nfor (;;) all.push(zlib.gunzipSync(bomb))\n",
    ),
  }),
  attack('C18', 'error-chain', 'a cause chain of a million errors', ['CLEAN', 'KILLED'], {
    'of a thousand': {
      kind: 'run',
      files: {
        'server.js':
          "let error = new Error('x')\nfor (let i = 0; i < 1000; i++) error = new Error('y'.repeat(100), { cause: error })\nthrow error\n",
      },
      limits: usual,
      verify: ({ bootError }) =>
        (bootError ?? '').length > 10 && (bootError ?? '').length <= 4000
          ? undefined
          : `a report of ${bootError?.length}`,
    },
    'of a million': swells(
      "Error.stackTraceLimit = 0\nlet error = new Error('x')\nfor (let i = 0; i < 1e6; i++) error = new Error('y', { cause: error })\nthrow error\n",
    ),
  }),
  attack(
    'C19',
    'codegen-spam',
    'endless new Function',
    'KILLED',
    swells(
      "const all = []\nfor (let i = 0; ; i++) all.push(new Function('a', 'return a + ' + i + ' + [1, 2, 3].map((x) => x * ' + i + ').join()'))\n",
    ),
  ),
  attack('C20', 'exit-segv', 'what makes V8 crash at the end of a process', 'SAME', {
    kind: 'run',
    files: {
      'server.js': beforeHonest(
        "for (let i = 0; i < 3000; i++) new Function('return ' + i)\ntry { JSON.parse('['.repeat(1e5)) } catch {}\nprocess.on('exit', () => process.abort())\n",
      ),
    },
    honest: { 'server.js': honestProgram },
    limits: usual,
  }),
]
