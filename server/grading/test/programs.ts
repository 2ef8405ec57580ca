/** Texts of `server.js` that go wrong, each in one way. */

const answering = (handler: string) => `import http from 'node:http'
http.createServer(${handler}).listen(process.env.PORT)
`
const accepting = (onSocket: string) => `import net from 'node:net'
net.createServer(${onSocket}).listen(process.env.PORT)
`

/** Never answers and never returns; it first holds 80 MB, which can be seen from outside. */
export const holdsAndSpins = `const held = Buffer.alloc(80 * 1024 * 1024, 1)
for (;;) held.byteLength
`

/** Wrong before anything can be asked of it. */
export const failsToStart = {
  'throws at boot': "throw new Error('broken at boot')\n",
  'rejects at boot': "await Promise.reject(new Error('broken at boot'))\n",
  'imports what is not there': "import 'no-such-package'\n",
  'recurses without end': 'const dive = () => dive() + 1\ndive()\n',
  'never listens': 'setInterval(() => {}, 1000)\n',
  'ends without listening': "console.log('done')\n",
  'exits early and well': 'process.exit(0)\n',
  'exits early with an error': 'process.exit(3)\n',
  'aborts itself': 'process.abort()\n',
  'kills itself': "process.kill(process.pid, 'SIGKILL')\n",
  'waits for ever by timers': 'const spin = () => setTimeout(spin, 0)\nspin()\n',
}

export const garbage = {
  'raw bytes': accepting('(socket) => socket.end(Buffer.from([0, 255, 1, 2, 13, 10, 13, 10]))'),
  'HTML instead of JSON': answering(
    "(_, res) => { res.setHeader('content-type', 'text/html'); res.end('<h1>hi') }",
  ),
  'half of its JSON': answering(
    "(_, res) => { res.setHeader('content-type', 'application/json'); res.end('{\"a\":') }",
  ),
  'half a response, then nothing': accepting(
    "(socket) => socket.write('HTTP/1.1 200 OK\\r\\ncontent-length: 100\\r\\n\\r\\nhalf')",
  ),
  'half a response, then the end': accepting(
    "(socket) => socket.end('HTTP/1.1 200 OK\\r\\ncontent-length: 100\\r\\n\\r\\nhalf')",
  ),
  nothing: accepting('() => {}'),
  'closed sockets': accepting('(socket) => socket.destroy()'),
  'an exit': answering('() => process.exit(1)'),
}
