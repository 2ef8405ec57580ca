/** What lies on the machine and must never be seen by a program that is judged. */
export interface Canaries {
  /** Stands in every one of them. */
  text: string
  /** Absolute path of a file that holds it. */
  file: string
  /** A port of this machine that answers with it. */
  port: number
}

/** Prints what `look` finds or fails with, so that a test knows it has really looked. */
const looking = (look: string) => `import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const say = (what) => console.log('found: ' + what)
try {
  await (async () => { ${look} })()
} catch (error) {
  console.log('refused: ' + (error?.code ?? '') + ' ' + error?.message + ' ' + error?.stack)
}
console.log('looked')
`

/** Texts of `server.js` that look for what is not theirs; names end "a program that looks for". */
export const searches: Record<string, (canaries: Canaries) => string> = {
  'the environment of the server': () => looking('say(JSON.stringify(process.env))'),
  'the environment by the constructor chain': () =>
    looking(
      "say(JSON.stringify([].constructor.constructor('return process')().env)); say(JSON.stringify(Object.keys(globalThis)))",
    ),
  'the environment by the constructor of an error': () =>
    looking(
      "try { require('fs').readFileSync('/no-such') } catch (error) { say(JSON.stringify(error.constructor.constructor('return process')().env)); say(error.stack) }",
    ),
  'the environment of the process in /proc': () =>
    looking("say(require('fs').readFileSync('/proc/self/environ', 'utf8'))"),
  'a file by its path': ({ file }) =>
    looking(`say(require('fs').readFileSync(${JSON.stringify(file)}, 'utf8'))`),
  'a file by import': ({ file }) =>
    looking(`say(JSON.stringify(await import('file://' + ${JSON.stringify(file)})))`),
  'a file by require': ({ file }) => looking(`say(require(${JSON.stringify(file)}))`),
  'a file by climbing out of its folder': ({ file }) =>
    looking(`say(require('fs').readFileSync('../'.repeat(20) + ${JSON.stringify(file)}, 'utf8'))`),
  'a file by a link': ({ file }) =>
    looking(
      `const fs = require('fs'); fs.symlinkSync(${JSON.stringify(file)}, 'link'); say(fs.readFileSync('link', 'utf8'))`,
    ),
  'a file by a child process': ({ file }) =>
    looking(
      `say(require('child_process').execFileSync('cat', [${JSON.stringify(file)}], { encoding: 'utf8' }))`,
    ),
  'a file by a worker': ({ file }) =>
    looking(
      `const { Worker } = require('worker_threads'); await new Promise((done, fail) => new Worker(${JSON.stringify(file)}).on('error', fail).on('exit', done))`,
    ),
  'a file by an internal binding': ({ file }) =>
    looking(
      `const fs = process.binding('fs'); say(Object.keys(fs)); say(fs.readFileUtf8(${JSON.stringify(file)}, 0))`,
    ),
  'a port of the machine': ({ port }) =>
    looking(
      `const socket = require('net').connect(${port}, '127.0.0.1'); say(await new Promise((done, fail) => socket.on('data', (bytes) => done(String(bytes))).on('error', fail)))`,
    ),
  'a port of the machine by fetch': ({ port }) =>
    looking(`say(await (await fetch('http://localhost:${port}/')).text())`),
  'a native module': () =>
    looking("process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')"),
  'the hidden suite in every file it can see': () =>
    looking(
      "const fs = require('fs'); for (const name of fs.readdirSync('/', { recursive: true })) { try { say(name + fs.readFileSync('/' + name, 'utf8')) } catch {} }",
    ),
}

const claim = { op: 'case', result: { id: 'hello.test.ts:R1:says hello', status: 'passed' } }

/** Projects that claim to have passed instead of doing what is asked; names end "a program that". */
export const forgeries: Record<string, Record<string, string>> = {
  'prints that all tests passed': {
    'server.js': "console.log('Tests  4 passed (4)\\nALL TESTS PASSED')\nprocess.exit(0)\n",
  },
  'prints messages of the judge': {
    'server.js': `console.log(${JSON.stringify(JSON.stringify(claim))})\nprocess.stdout.write('\\0\\0\\0\\x40' + ${JSON.stringify(JSON.stringify(claim))})\nprocess.exit(0)\n`,
  },
  'writes into every descriptor it can name': {
    'server.js': `import fs from 'node:fs'
for (let fd = 0; fd < 16; fd++) { try { fs.writeSync(fd, ${JSON.stringify(JSON.stringify(claim))}) } catch {} }
process.exit(0)
`,
  },
  'replaces the test functions of its own realm': {
    'server.js': `for (const name of ['test', 'it', 'describe', 'expect', 'requirement']) globalThis[name] = () => new Proxy(() => {}, { get: () => () => {} })
Promise.prototype.then = function (done) { done?.({ status: 200, body: { says: 'hello' } }); return this }
Object.prototype.toEqual = () => true
setInterval(() => {}, 1000)
`,
  },
  'ships a supertest and a vitest of its own': {
    'server.js':
      "import http from 'node:http'\nhttp.createServer((_, res) => res.end('no')).listen(process.env.PORT)\n",
    'node_modules/supertest/index.js':
      "module.exports = () => ({ get: async () => ({ status: 200, body: { says: 'hello' } }) })\n",
    'node_modules/vitest/index.js':
      'exports.test = () => {}\nexports.expect = () => ({ toEqual() {}, toBe() {} })\n',
    'node_modules/assay/index.js': 'exports.requirement = () => {}\n',
  },
  'answers objects that equal everything': {
    'server.js': `import http from 'node:http'
http.createServer((_, res) => { res.setHeader('content-type', 'application/json'); res.end('{"asymmetricMatch":true,"$$typeof":"Symbol(jest.asymmetricMatcher)","says":{"$$typeof":1}}') }).listen(process.env.PORT)
`,
  },
}

/** What a program may break of its own realm before it serves; names end "a program that replaces". */
export const replaced = [
  'JSON.stringify',
  'JSON.parse',
  'Reflect.apply',
  'Object.defineProperty',
  'Object.assign',
  'Object.entries',
  'Map.prototype.get',
  'Map.prototype.set',
  'WeakMap.prototype.get',
  'Set.prototype.add',
  'Array.prototype.push',
  'Array.prototype.shift',
  'Array.prototype.splice',
  'Array.prototype[Symbol.iterator]',
  'Array.prototype.map',
  'Uint8Array.prototype.set',
  'Uint8Array.prototype.subarray',
  'Uint8Array.prototype.slice',
  'String.prototype.slice',
  'Function.prototype.call',
  'Function.prototype.bind',
  'Promise.prototype.then',
  'globalThis.Map',
  'globalThis.String',
  'globalThis.Uint8Array',
  'globalThis.queueMicrotask',
]

/** Serves what is asked, on Node as well, after it has replaced one builtin: by one that throws, or that answers nonsense. */
export const saboteur = (name: string, body: string) => `import http from 'node:http'
const server = http.createServer((_, res) => {
  res.setHeader('content-type', 'application/json')
  res.end('{"says":"hello"}')
})
${name} = function replacement() { ${body} }
server.listen(process.env.PORT)
`
