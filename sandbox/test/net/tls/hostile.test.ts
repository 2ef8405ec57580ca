import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runInSandbox } from '../../run-both.ts'
import { addProgram, createWorld } from '../../worlds.ts'

const keys = readFileSync(fileURLToPath(new URL('fixtures/keys.cjs', import.meta.url)), 'utf8')

/** Runs a program that has `tls`, `net` and `keys`; a crash of the host process would end the test run itself. */
async function run(text: string) {
  const head = `const tls = require('tls'), net = require('net'), keys = require('./keys.cjs')
const own = { key: keys.serverKey, cert: keys.serverCert }
const attempt = (name, act) => { try { act(); console.log(name, 'passes') } catch (error) { console.log(name, error.message) } }
`
  const outcome = await runInSandbox({ 'main.cjs': head + text, 'keys.cjs': keys })
  expect(outcome.stderr).toBe('')
  return outcome.stdout
}

test('garbage in every shape ends in an error of TLS on both sides', async () => {
  const output = await run(`
    const crypto = require('crypto')
    const codes = new Set()
    const server = tls.createServer(own, () => console.log('never'))
    server.addContext('*.test', own)
    server.on('newSession', (id, data, done) => done())
    server.on('resumeSession', (id, done) => done(null, null))
    server.on('tlsClientError', (error) => codes.add(/^(ERR_SSL|ECONNRESET)/.test(error.code)))
    const garbler = net.createServer((socket) => socket.on('error', () => {}).on('data', () => socket.end(crypto.randomBytes(300))))
    const once = (act) => new Promise((resolve) => act(resolve))
    const shapes = [
      () => crypto.randomBytes(1 + crypto.randomInt(2000)),
      () => Buffer.concat([Buffer.from('1603010100010000fc0303', 'hex'), crypto.randomBytes(245)]),
      () => Buffer.concat([Buffer.from('160301', 'hex'), crypto.randomBytes(400)]),
      () => Buffer.from('16030100040100ffff', 'hex'),
      () => Buffer.from('8046010301002d0000001000', 'hex'),
    ]
    server.listen(0, () => garbler.listen(0, async () => {
      for (let i = 0; i < 200; i++) {
        await once((resolve) => {
          const socket = net.connect(server.address().port, () => socket.end(shapes[i % shapes.length]()))
          socket.on('error', () => {}).on('close', resolve).resume()
        })
        if (i % 4 === 0) await once((resolve) => tls.connect(garbler.address().port).on('error', (error) => codes.add(error.code.startsWith('ERR_SSL'))).on('close', resolve))
      }
      console.log([...codes])
      server.close(), garbler.close()
    }))`)
  expect(output).toBe('[ true ]\n')
})

test('a connection that is over makes room for another', async () => {
  const output = await run(`
    const { Duplex } = require('stream')
    const secureContext = tls.createSecureContext({ ca: keys.ca })
    const kept = Array.from({ length: 4056 }, () => new tls.TLSSocket(new Duplex(), { secureContext }))
    let done = 0
    const server = tls.createServer(own, (socket) => socket.end('x')).listen(0, async () => {
      for (let i = 0; i < 100; i++) {
        await new Promise((resolve) => tls.connect({ port: server.address().port, servername: 'localhost', secureContext }).on('data', () => done++).on('close', resolve))
      }
      console.log(done, kept.length)
      process.exit()
    })`)
  expect(output).toBe('100 4056\n')
})

test('contexts and connections that a program piles up are refused by number', async () => {
  const output = await run(`
    const kept = []
    attempt('contexts', () => { for (;;) kept.push(tls.createSecureContext({ ca: keys.ca })) })
    console.log(kept.length)
    const { Duplex } = require('stream')
    kept.length = 1
    const sockets = []
    attempt('connections', () => { for (;;) sockets.push(new tls.TLSSocket(new Duplex(), { secureContext: kept[0] })) })
    console.log(sockets.length)
    process.exit()`)
  expect(output).toBe(
    'contexts More than 4096 TLS contexts are alive at once\n4096\n' +
      'connections More than 4096 TLS connections are alive at once\n4096\n',
  )
})

test('handles that are misused throw where the binary would abort', async () => {
  const output = await run(`
    const context = tls.createSecureContext(own)
    const { Duplex } = require('stream')
    const make = (isServer) => new tls.TLSSocket(new Duplex({ read() {}, write() {} }), { isServer, secureContext: context })._handle
    const client = make(false), server = make(true)
    client.start()
    attempt('start twice', () => client.start())
    attempt('name after start', () => client.setServername('a'))
    attempt('start a server', () => server.start())
    attempt('certCbDone', () => server.certCbDone())
    attempt('clientHelloDone', () => server.clientHelloDone())
    attempt('newSessionDone', () => server.newSessionDone())
    attempt('malformed protocols', () => server.setALPNProtocols(Buffer.from([5, 1])))
    attempt('empty protocol', () => client.setALPNProtocols(Buffer.from([0])))
    attempt('write', () => client.writeUtf8String(null, 'x'))
    attempt('second write', () => client.writeUtf8String(null, 'x'))
    attempt('keying material', () => client.exportKeyingMaterial(2 ** 30, 'x'))
    attempt('trace', () => client.enableTrace())
    attempt('engine', () => context.context.setEngineKey('a', 'b'))
    attempt('ticket keys', () => context.context.setTicketKeys(Buffer.alloc(3)))
    attempt('init twice', () => context.context.init(undefined, 0, 0))
    const Context = context.context.constructor
    attempt('before init', () => new Context().setCiphers('ALL'))
    attempt('huge certificate', () => tls.createSecureContext({ ca: '-----BEGIN CERTIFICATE-----\\n' + 'A'.repeat(20_000_000) }))
    context.context.close()
    attempt('after close', () => context.context.setCiphers('ALL'))
    attempt('use after close', () => make(true))
    for (const handle of [client, server]) {
      handle.destroySSL()
      handle.destroySSL()
      attempt('destroyed', () => [handle.getCipher(), handle.getSession(), handle.verifyError(), handle.receive(Buffer.alloc(9)), handle.start()])
    }
    process.exit()`)
  expect(output.split('\n')).toEqual([
    'start twice not a client that can start',
    'name after start not a client before its start',
    'start a server not a client that can start',
    'certCbDone no certificate is asked for',
    'clientHelloDone no hello waits',
    'newSessionDone passes',
    'malformed protocols malformed protocol list',
    'empty protocol malformed protocol list',
    'write passes',
    'second write a write is under way',
    'keying material expected an integer within 0..1048576',
    'trace The feature TLSSocket.enableTrace is unavailable in the sandbox',
    'engine The feature OpenSSL engines is unavailable in the sandbox',
    'ticket keys Ticket keys length must be 48 bytes',
    'init twice context is already initialized',
    'before init context is not initialized',
    'huge certificate passes',
    'after close Illegal invocation',
    'use after close unknown object',
    'destroyed passes',
    'destroyed passes',
    '',
  ])
})

test('OpenSSL is never changed from inside its own callbacks', async () => {
  const output = await run(`
    const run = (who, event, act, options = {}) => new Promise((resolve) => {
      const server = tls.createServer({ ...own, ...options, ...(who === 'alpn' && { ALPNCallback({ protocols }) { act(this); return protocols[0] } }) })
      const end = () => { server.close(); resolve() }
      server.on('tlsClientError', () => {})
      server.on('connection', () => {})
      server.listen(0, () => {
        const client = tls.connect({ port: server.address().port, servername: 'localhost', ca: keys.ca, ALPNProtocols: ['a'] })
        if (who === 'client') client.once(event, () => act(client))
        if (who === 'server') server.once(event, (line, socket) => act(socket ?? line))
        client.on('error', () => {}).on('close', end)
        server.on('secureConnection', (socket) => socket.on('error', () => {}).resume().end('x'))
        client.resume()
        setTimeout(() => client.destroy(), 100)
      })
    })
    const acts = {
      destroySSL: (socket) => socket._handle.destroySSL(),
      destroy: (socket) => socket.destroy(),
      write: (socket) => socket.write('x'),
      empty: (socket) => socket.write(''),
      receive: (socket) => socket._handle.receive(Buffer.alloc(100, 0x16)),
      name: (socket) => { try { socket._handle.setServername('x') } catch {} },
      session: (socket) => { try { socket._handle.setSession(socket._handle.getSession()) } catch {} },
      shutdown: (socket) => socket.end(),
      key: (socket) => { try { socket.setKeyCert(own) } catch {} },
      renegotiate: (socket) => { try { socket._handle.renegotiate() } catch {} },
    }
    ;(async () => {
      for (const act of Object.values(acts)) {
        for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
          for (const [who, event] of [['client', 'keylog'], ['client', 'session'], ['client', 'secure'], ['server', 'keylog'], ['alpn']]) await run(who, event, act, { maxVersion })
        }
      }
      console.log('survived')
    })()`)
  expect(output).toBe('survived\n')
})

test('an exit inside a callback of TLS ends the program at once', async () => {
  const outcome = await runInSandbox({
    'main.cjs': `const tls = require('tls'), keys = require('./keys.cjs')
      const server = tls.createServer({ key: keys.serverKey, cert: keys.serverCert }).listen(0, () => {
        const client = tls.connect({ port: server.address().port, servername: 'localhost', ca: keys.ca })
        client.on('keylog', () => { console.log('bye'); process.exit(7) })
        client.on('secureConnect', () => console.log('never'))
      })
      process.on('exit', () => console.log('exit'))`,
    'keys.cjs': keys,
  })
  expect(outcome).toEqual({ stdout: 'bye\nexit\n', stderr: '', exitCode: 7 })
})

test('programs of a world speak TLS under its names', async () => {
  const world = createWorld()
  const withKeys = (text: string) =>
    `const keys = {}; (function (exports) { ${keys} })(keys); const https = require('https'); ${text}`
  const server = await addProgram(
    world,
    'payments',
    withKeys(`
      const server = https.createServer({ key: keys.serverKey, cert: keys.serverCert }, (request, response) => {
        console.log(request.url, request.socket.servername)
        response.end('paid', () => server.close())
      }).listen(443)`),
  )
  const client = await addProgram(
    world,
    'shop',
    withKeys(`
      https.get({ host: 'payments.test', path: '/pay', ca: keys.ca, agent: false }, (response) => {
        console.log(response.statusCode, response.socket.authorized)
        response.on('data', (data) => console.log(String(data)))
      })`),
  )
  expect(await world.run()).toEqual({ kind: 'exited' })
  expect([server.output(), client.output()]).toEqual(['/pay payments.test\n', '200 true\npaid\n'])
})
