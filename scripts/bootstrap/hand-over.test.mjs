import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const handOver = JSON.stringify(join(import.meta.dirname, 'hand-over.mjs'))

/** A program that hands over to `inner`; as a child process where `canReplace` is false, as on Node 20. */
const outer = (inner, canReplace) => `
  ${canReplace ? '' : 'process.execve = undefined'}
  const { handOver } = await import(${handOver})
  await handOver(process.execPath, ['-e', ${JSON.stringify(inner)}, 'one', 'two words'])
`

describe.each([
  ['replacing the process', true],
  ['as a child process', false],
])('handOver, %s', (_, canReplace) => {
  const argsOf = (inner) => ['--input-type=module', '-e', outer(inner, canReplace)]

  test('passes arguments, stdin, stdout and stderr through', () => {
    const inner = `process.stdin.on('data', (text) => {
      process.stdout.write('out ' + process.argv.slice(1).join('|') + ' ' + text)
      process.stderr.write('err')
    })`
    const found = spawnSync(process.execPath, argsOf(inner), { input: 'hello', encoding: 'utf8' })
    expect(found).toMatchObject({ stdout: 'out one|two words hello', stderr: 'err', status: 0 })
  })

  test('ends with the exit code of the program', () => {
    expect(spawnSync(process.execPath, argsOf('process.exit(42)')).status).toBe(42)
  })

  test('ends by the signal that ended the program', () => {
    const inner = "process.kill(process.pid, 'SIGKILL'); setTimeout(() => {}, 9999)"
    expect(spawnSync(process.execPath, argsOf(inner)).signal).toBe('SIGKILL')
  })

  test.each(['SIGINT', 'SIGTERM'])('lets the program answer %s in its own way', async (signal) => {
    const inner = `process.on('${signal}', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 9999)`
    const child = spawn(process.execPath, argsOf(inner), { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([7, null])
  })
})
