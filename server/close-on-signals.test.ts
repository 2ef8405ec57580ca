import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'

const source = join(import.meta.dirname, 'close-on-signals.ts')

/** A process that takes `closeMs` to close and says when it begins to. */
const startProcess = async (closeMs: number) => {
  const program = `
    import { setTimeout } from 'node:timers/promises'
    import { closeOnSignals } from ${JSON.stringify(source)}
    setInterval(() => {}, 60_000)
    closeOnSignals({
      graceMs: 10_000,
      close: async (error) => {
        console.log(error ? 'closing after ' + error.message : 'closing')
        await setTimeout(${closeMs})
        console.log('closed')
      },
    })
    process.on('message', () => { throw new Error('a fault') })
    console.log('ready')
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  if (!child.stdout || !child.stderr) throw new Error('expected pipes')
  onTestFinished(() => void child.kill('SIGKILL'))
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  const stderr = text(child.stderr)
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  /** Only the test's own time limit ends the wait. */
  const says = async (line: string) => {
    while (!stdout.includes(line)) await setTimeout(5)
  }
  await says('ready')
  return {
    child,
    says,
    end: async () => ({ exitCode: await ended, stdout, stderr: await stderr }),
  }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s closes and ends with 0', async (signal) => {
  const { child, end } = await startProcess(50)
  child.kill(signal)
  expect(await end()).toEqual({ exitCode: 0, stdout: 'ready\nclosing\nclosed\n', stderr: '' })
})

test('a Ctrl-C that arrives twice is one', async () => {
  const { child, says, end } = await startProcess(300)
  child.kill('SIGINT')
  await says('closing')
  child.kill('SIGINT')
  expect(await end()).toEqual({ exitCode: 0, stdout: 'ready\nclosing\nclosed\n', stderr: '' })
})

test('a second signal after a while ends a slow close at once', async () => {
  const { child, says, end } = await startProcess(60_000)
  child.kill('SIGINT')
  await says('closing')
  const asking = setInterval(() => child.kill('SIGINT'), 100)
  expect(await end()).toEqual({
    exitCode: 1,
    stdout: 'ready\nclosing\n',
    stderr: 'second SIGINT, exiting\n',
  })
  clearInterval(asking)
})

test('an error nobody handled closes and ends with 1', async () => {
  const { child, end } = await startProcess(50)
  child.send('throw')
  expect(await end()).toMatchObject({
    exitCode: 1,
    stdout: 'ready\nclosing after a fault\nclosed\n',
  })
})
