import { expect, test } from 'vitest'
import { runInSandbox } from '../run-both.ts'

test('more sockets than the guest may open fail with EMFILE', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `
    const net = require('node:net')
    const errors = new Map()
    let open = 0
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const clients = Array.from({ length: 300 }, () => {
        const c = net.connect(server.address().port, '127.0.0.1')
        c.on('connect', () => open++)
        c.on('error', (e) => errors.set(e.code, (errors.get(e.code) ?? 0) + 1))
        return c
      })
      setTimeout(() => {
        console.log(open > 100, errors.get('EMFILE') > 40)
        for (const c of clients) c.destroy()
        const again = net.connect(server.address().port, '127.0.0.1', () => {
          console.log('room again')
          again.destroy()
          server.close()
        })
      }, 10)
    })
  `,
  })
  expect(stdout).toBe('true true\nroom again\n')
})

test('a writer nobody reads is held back, not buffered without end', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `
    const net = require('node:net')
    const server = net.createServer((c) => c.pause()).listen(0, '127.0.0.1', () => {
      const c = net.connect(server.address().port, '127.0.0.1')
      let written = 0
      const chunk = Buffer.alloc(64 * 1024)
      const write = () => {
        for (;;) {
          written += chunk.length
          if (!c.write(chunk)) break
        }
        c.once('drain', write)
      }
      c.on('connect', write)
      setTimeout(() => {
        console.log(written < 2 ** 20, c.writableLength > 0)
        process.exit()
      }, 50)
    })
  `,
  })
  expect(stdout).toBe('true true\n')
})

test('TLS, UDP and child processes are refused by name', async () => {
  const { stdout } = await runInSandbox({
    'main.cjs': `
    const attempt = (run) => { try { run() } catch (e) { console.log(e.code, e.message) } }
    attempt(() => require('node:https').get('https://a.test/'))
    attempt(() => require('node:dgram').createSocket('udp4'))
    attempt(() => require('node:child_process').execSync('id'))
  `,
  })
  expect(stdout).toMatch(/^ERR_FEATURE_UNAVAILABLE_ON_PLATFORM .* unavailable in the sandbox\n/)
  expect(stdout).toContain('ERR_FEATURE_UNAVAILABLE_ON_PLATFORM The feature UDP is unavailable')
  expect(stdout).toContain('ERR_ACCESS_DENIED Access to this API has been restricted')
})
