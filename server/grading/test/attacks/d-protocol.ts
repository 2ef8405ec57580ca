import type { Attack, CaseKit } from './attack.ts'
import {
  accepting,
  amiss,
  answering,
  attack,
  beforeHonest,
  honestAlike,
  honestAnswer,
  roomy,
  usual,
} from './programs.ts'
import { takeovers } from './takeover.ts'

const flood = (text: string) => ({
  kind: 'run' as const,
  files: { 'server.js': text },
  limits: usual,
  verify: (result: { limit?: string; usage: { outputBytes: number }; sentence: string }) =>
    result.limit === 'outputBytes' &&
    result.usage.outputBytes <= usual.outputBytes &&
    result.sentence === 'The program printed more than 65536 bytes and was stopped.'
      ? undefined
      : `${result.limit} after ${result.usage.outputBytes} bytes`,
})

const raw = (text: string) =>
  accepting(
    `(socket) => { socket.on('error', () => {}); socket.once('data', () => socket.end(${JSON.stringify(text)})) }`,
  )
const json = 'content-type: application/json\r\n'
const right = '{"says":"hello"}'
const claim = { op: 'case', result: { id: 'hello.test.ts:R1:says hello', status: 'passed' } }
const frame = `\0\0\0\x40${JSON.stringify(claim)}`

/** Ends before it can be asked, whatever it prints: as a program that ends and prints nothing. */
const printsAndEnds = (text: string) => ({
  kind: 'run' as const,
  files: { 'server.js': text },
  honest: { 'server.js': 'process.exit(0)\n' },
  limits: usual,
})

/** D01–D15: what a program prints, answers, and what a guest that was taken over may send. */
export const protocolAttacks: Attack[] = [
  attack('D01', 'console-flood', 'endless console.log', 'KILLED', {
    'in one loop': flood("for (;;) console.log('x'.repeat(1000))\n"),
    'on stderr': flood("for (;;) process.stderr.write('x'.repeat(1000))\n"),
    'turn by turn': flood(
      "const spin = () => { console.log('x'.repeat(1000)); setImmediate(spin) }\nspin()\n",
    ),
  }),
  attack('D02', 'console-single-huge', 'one line of 500 MB', 'KILLED', {
    'of 500 MB': {
      kind: 'run',
      files: { 'server.js': "console.log('x'.repeat(5e8))\n" },
      limits: roomy,
      verify: ({ usage }) =>
        usage.outputBytes <= 262_144 ? undefined : `${usage.outputBytes} bytes`,
    },
    'of 20 MB': flood("console.log('x'.repeat(2e7))\n"),
  }),
  attack(
    'D03',
    'console-exotic',
    'circular, getters, proxies, a million keys',
    ['CLEAN', 'KILLED'],
    {
      'a million keys': {
        kind: 'run',
        files: {
          'server.js':
            "const keys = {}; for (let i = 0; i < 1e6; i++) keys['k' + i] = i\nconsole.log(keys)\n",
        },
        limits: usual,
      },
      'all others': {
        kind: 'case',
        files: {
          'server.js':
            beforeHonest(`const circle = { get trap() { throw new Error('read') } }; circle.self = circle
for (const it of [circle, new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 } }), new Map([[circle, circle]]), new Array(1e6), Symbol('x'), new (class extends Error { get stack() { return 'x' } })(), 'x'.repeat(10), Buffer.alloc(1e6), Object.create(null), globalThis, process]) { try { console.log(it) } catch {} try { console.error('%o', it) } catch {} }`),
        },
        check: async ({ start, askFour, expect }: CaseKit) => {
          const app = await start()
          expect((await askFour(app.url))[0]).toBe('passed')
          expect(app.stdout().length).toBeLessThan(1_000_000)
        },
      },
    },
  ),
  attack(
    'D04',
    'render-injection',
    'ANSI, bidi, NUL, markup and formulas in what is printed',
    'CLEAN',
    {
      kind: 'scene',
      play: async (arena) => (await import('./reports.ts')).playReports(arena),
    },
  ),
  attack('D05', 'log-forging', 'lines that imitate frames, TAP and JSON reports', 'SAME', {
    'results of a test runner': printsAndEnds(
      "console.log('Tests  4 passed (4)\\nALL TESTS PASSED\\nTAP version 13\\nok 1 - says hello\\n1..1')\nprocess.exit(0)\n",
    ),
    'messages of the judge': printsAndEnds(
      `console.log(${JSON.stringify(JSON.stringify(claim))})\nprocess.stdout.write(${JSON.stringify(frame)})\nprocess.exit(0)\n`,
    ),
    'into every descriptor': printsAndEnds(
      `import fs from 'node:fs'\nfor (let fd = 0; fd < 70; fd++) { try { fs.writeSync(fd, ${JSON.stringify(frame)}) } catch {} }\nprocess.exit(0)\n`,
    ),
    'by process.send': printsAndEnds(
      `process.send?.(${JSON.stringify(claim)})\nprocess.connected = true\nprocess.emit('message', ${JSON.stringify(claim)})\nprocess.exit(0)\n`,
    ),
  }),
  attack('D06', 'response-flood', 'an endless chunked body', 'KILLED', {
    endless: {
      kind: 'run',
      files: {
        'server.js':
          "import http from 'node:http'\nconst chunk = Buffer.alloc(65536, 32)\nhttp.createServer((_, res) => { res.setHeader('content-type', 'application/json'); const more = () => { while (res.write(chunk)); res.once('drain', more) }; more() }).listen(process.env.PORT)\n",
      },
      limits: { wallClockMs: 6000, cpuMs: 60_000 },
    },
    'past any check of its reader': {
      kind: 'run',
      files: {
        'server.js': accepting(
          "(socket) => { const chunk = Buffer.alloc(1 << 20, 120); socket.on('error', () => {}); socket.write('HTTP/1.1 200 OK\\r\\n\\r\\n'); const more = () => { while (socket.write(chunk)); socket.once('drain', more) }; more() }",
        ),
      },
      limits: { wallClockMs: 6000, cpuMs: 60_000 },
    },
  }),
  attack('D07', 'crlf-injection', 'headers and answers written by hand', 'CLEAN', {
    'through the header functions': amiss(
      answering(
        "(_, res) => { try { res.setHeader('x', 'a\\r\\ncontent-type: application/json') } catch {} try { res.writeHead(200, 'OK\\r\\nx: y') } catch {} try { res.statusMessage = 'a\\r\\n\\r\\n{}' } catch {} res.end('no') }",
      ),
    ),
    'on the socket': amiss(
      raw(
        `HTTP/1.1 200 OK\r\n${json}x: a\r\rb: c\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n${json}content-length: 16\r\n\r\n${right}`,
      ),
    ),
  }),
  attack('D08', 'smuggling', 'two lengths at once, folded and doubled headers', 'CLEAN', {
    'length and chunked': amiss(
      raw(
        `HTTP/1.1 200 OK\r\n${json}content-length: 16\r\ntransfer-encoding: chunked\r\n\r\n10\r\n${right}\r\n0\r\n\r\n`,
      ),
    ),
    'two lengths': amiss(
      raw(`HTTP/1.1 200 OK\r\n${json}content-length: 16\r\ncontent-length: 2\r\n\r\n${right}`),
    ),
    'a folded header': amiss(
      raw(
        `HTTP/1.1 200 OK\r\n${json}transfer-encoding:\r\n chunked\r\ncontent-length: 16\r\n\r\n${right}`,
      ),
    ),
    'a length with a sign': amiss(
      raw(`HTTP/1.1 200 OK\r\n${json}content-length: +16\r\n\r\n${right}`),
    ),
    'chunked twice': amiss(
      raw(
        `HTTP/1.1 200 OK\r\n${json}transfer-encoding: chunked, x\r\ncontent-length: 4\r\n\r\n${right}`,
      ),
    ),
  }),
  attack(
    'D09',
    'malformed-head',
    'bad status lines, floods of 1xx, upgrades nobody asked for',
    'CLEAN',
    {
      'raw bytes': amiss(
        accepting('(socket) => socket.end(Buffer.from([0, 255, 1, 2, 13, 10, 13, 10]))'),
      ),
      'a status of nothing': amiss(raw(`HTTP/1.1 999999 \r\n${json}\r\n${right}`)),
      'another version': amiss(raw(`HTTP/9.9 200 OK\r\n${json}\r\n${right}`)),
      'a flood of 1xx': amiss(
        accepting(
          "(socket) => { socket.on('error', () => {}); socket.write('HTTP/1.1 100 Continue\\r\\n\\r\\n'.repeat(50_000)); socket.end('HTTP/1.1 102 x\\r\\n\\r\\n') }",
        ),
      ),
      'an upgrade': amiss(
        raw(
          'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
        ),
      ),
      'HTML instead of JSON': amiss(
        answering("(_, res) => { res.setHeader('content-type', 'text/html'); res.end('<h1>hi') }"),
      ),
      'half of its JSON': amiss(
        answering(
          "(_, res) => { res.setHeader('content-type', 'application/json'); res.end('{\"a\":') }",
        ),
      ),
      'half a response, then the end': amiss(
        accepting(
          "(socket) => socket.end('HTTP/1.1 200 OK\\r\\ncontent-length: 100\\r\\n\\r\\nhalf')",
        ),
      ),
      'an exit': amiss(answering('() => process.exit(1)')),
    },
  ),
  attack(
    'D10',
    'cookie-bomb',
    '100,000 Set-Cookie headers',
    'CLEAN',
    amiss(
      answering(
        "(_, res) => { res.setHeader('set-cookie', Array.from({ length: 100_000 }, (_, i) => 'a' + i + '=b')); res.end('x') }",
      ),
    ),
  ),
  attack(
    'D11',
    'redirect-ssrf',
    'ways to files, link-local addresses and ports of the machine',
    'CLEAN',
    {
      kind: 'case',
      files: ({ port, file }) => ({
        'server.js': answering(
          `(req, res) => { const to = ['http://127.0.0.1:${port}/', 'file://${file}', 'http://169.254.169.254/latest/', 'http://localhost:3000/', 'http://[::1]:${port}/', '//127.0.0.1:${port}/', 'data:text/plain,x'][Number(req.url.slice(1)) || 0]; res.writeHead(302, { location: to, refresh: '0; url=' + to, link: '<' + to + '>; rel=preload' }); res.end() }`,
        ),
      }),
      check: async ({ start, request, askFour, expect }: CaseKit) => {
        const { url } = await start()
        expect((await askFour(url)).filter((answer: string) => answer === 'passed')).toEqual([])
        for (let i = 0; i < 7; i++) {
          const { status, text } = await request(url).get(`/${i}`)
          expect([status, text]).toEqual([302, ''])
          // A suite that follows gets no further than the virtual network.
          const followed = await fetch(`${url}/${i}`).then(
            (answer) => answer.text(),
            () => 'refused',
          )
          expect(followed).not.toMatch(/canary-/)
        }
      },
    },
  ),
  attack('D12', 'keepalive-desync', 'an answer ahead of its request', 'SAME', {
    'in the same packet': {
      kind: 'case',
      files: {
        'server.js': raw(
          `HTTP/1.1 200 OK\r\n${json}connection: keep-alive\r\ncontent-length: 16\r\n\r\n${right}HTTP/1.1 200 OK\r\n${json}content-length: 20\r\n\r\n{"says":"hello ada"}`,
        ),
      },
      check: async ({ start, askFour, expect }: CaseKit) => {
        expect((await askFour((await start()).url))[1]).not.toBe('passed')
      },
    },
    'a little later': {
      kind: 'case',
      files: {
        'server.js': accepting(
          `(socket) => { socket.on('error', () => {}); let n = 0; socket.on('data', () => { if (n++ > 0) return; socket.write('HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\nconnection: keep-alive\\r\\ncontent-length: 16\\r\\n\\r\\n${right}'); setTimeout(() => socket.write('HTTP/1.1 200 OK\\r\\ncontent-type: application/json\\r\\ncontent-length: 20\\r\\n\\r\\n{"says":"hello ada"}'), 1) }) }`,
        ),
      },
      check: async ({ start, askFour, expect }: CaseKit) => {
        expect((await askFour((await start()).url)).slice(1)).not.toContain('passed')
      },
    },
    'kept alive by an honest program': honestAlike(answering(honestAnswer)),
  }),
  attack(
    'D13',
    'frame-forgery',
    'frames guessed, replayed and out of turn',
    ['SAME', 'KILLED'],
    takeovers.forged,
  ),
  attack(
    'D14',
    'frame-fuzz',
    'garbage, truncated and oversized frames after a takeover',
    'KILLED',
    takeovers.garbage,
  ),
  attack('D15', 'trailer-abuse', 'trailers and chunk extensions of 100 MB', 'CLEAN', {
    'chunk extensions': amiss(
      accepting(
        "(socket) => { socket.on('error', () => {}); socket.write('HTTP/1.1 200 OK\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n10;'); const more = (n) => n === 0 ? socket.end() : socket.write('a'.repeat(1 << 20), () => more(n - 1)); more(100) }",
      ),
    ),
    trailers: amiss(
      accepting(
        "(socket) => { socket.on('error', () => {}); socket.write('HTTP/1.1 200 OK\\r\\ntrailer: a\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n0\\r\\n'); const more = (n) => n === 0 ? socket.end('\\r\\n') : socket.write('a: ' + 'b'.repeat(1 << 20) + '\\r\\n', () => more(n - 1)); more(100) }",
      ),
    ),
    'ten megabytes of body': amiss(
      answering(
        "(_, res) => { res.setHeader('content-type', 'application/json'); res.end(Buffer.alloc(10 << 20, 32)) }",
      ),
    ),
  }),
]
