import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { execute } from './execute.ts'

const run = (program: string, timeoutMs = 20_000) =>
  execute(['-e', program], { cwd: import.meta.dirname, timeoutMs })

test('answers the exit code', async () => {
  expect(await run('process.exit(3)')).toEqual({ code: 3 })
})

test('says which signal ended a process', async () => {
  expect(await run("process.kill(process.pid, 'SIGABRT')")).toEqual({
    code: null,
    reason: 'ended by SIGABRT',
  })
})

test('ends a process that loops forever', async () => {
  expect(await run('for (;;);', 300)).toEqual({ code: null, reason: 'not finished after 0.3 s' })
})

test('leaves nothing behind that the process started', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // The grandchild lives as long as its connection; told that it is there, its parent ends.
  const grandchild = `require('node:net').connect(${port}).on('connect', () => console.log('here'))`
  const finished = run(`
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}])
    child.stdout.once('data', () => process.exit(0))
  `)
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  expect(await finished).toEqual({ code: 0 })
  await closed
  server.close()
})
