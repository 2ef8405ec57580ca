/** Texts of `server.js` that are hostile on purpose, by what each group must come to. */

const answering = (handler: string) => `import http from 'node:http'
http.createServer(${handler}).listen(process.env.PORT)
`

/** Titles end "a program that never returns from". */
export const neverReturns = {
  'the traps of a proxy it threw':
    "throw new Proxy(new Error('x'), { get() { for (;;); }, getPrototypeOf() { for (;;); } })\n",
  'the traps of a proxy it rejected with':
    'Promise.reject(new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); } }))\nsetInterval(() => {}, 1000)\n',
  'the formatting of a stack':
    "Error.prepareStackTrace = () => { for (;;); }\nthrow new Error('x')\n",
  'the inspection of what it prints':
    "console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } })\n",
  'a multiplication of large numbers': 'let n = 3n\nfor (;;) n *= n\n',
  'a derivation of keys':
    "import { pbkdf2Sync } from 'node:crypto'\npbkdf2Sync('a', 'b', 2 ** 31 - 1, 64, 'sha512')\n",
  'its exit handler': "process.on('exit', () => { for (;;); })\nprocess.exit(0)\n",
}

/** Titles end "a program that ends by itself by". */
export const endsByItself = {
  'brackets nested too deep': `x = ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`,
  'throwing what throws when looked at':
    "throw Object.defineProperty(new Error('a'), 'stack', { get() { throw new Error('b') } })\n",
  'throwing a revoked proxy':
    'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nthrow proxy\n',
  'rejecting with a revoked proxy':
    'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nPromise.reject(proxy)\n',
  'a handler of errors that throws':
    "process.on('uncaughtException', () => { throw new Error('again') })\nthrow new Error('x')\n",
  'a file of a terabyte':
    "import fs from 'node:fs'\nfs.writeSync(fs.openSync('/tmp/x', 'w'), 'x', 2 ** 40)\n",
  'folders without end':
    "import fs from 'node:fs'\nfor (let path = '/tmp/d'; ; path += '/d') fs.mkdirSync(path)\n",
  'an await that nothing ends': 'await new Promise(() => {})\n',
}

/** Titles end "a program that answers with". */
export const answersAmiss = {
  'two lengths at once':
    "import net from 'node:net'\nnet.createServer((socket) => socket.end('HTTP/1.1 200 OK\\r\\ncontent-length: 5\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n0\\r\\n\\r\\n')).listen(process.env.PORT)\n",
  'a way to another host': answering(
    "(_, res) => { res.writeHead(302, { location: 'http://127.0.0.1:3000/api/health' }); res.end() }",
  ),
  'a hundred thousand cookies': answering(
    "(_, res) => { res.setHeader('set-cookie', Array.from({ length: 100_000 }, (_, i) => 'a' + i + '=b')); res.end('x') }",
  ),
  'ten megabytes': answering(
    "(_, res) => { res.setHeader('content-type', 'application/json'); res.end(Buffer.alloc(10 << 20, 32)) }",
  ),
  'what is asked, a minute too late': answering(
    "(_, res) => setTimeout(() => { res.setHeader('content-type', 'application/json'); res.end('{\"says\":\"hello\"}') }, 60_000)",
  ),
}
