import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseExecArguments } from './exec.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const folder = fileURLToPath(new URL('../../sandbox/test/exec/fixtures', import.meta.url))
const cli = join(projectRoot, 'server', 'cli', 'main.ts')

interface Outcome {
  stdout: string
  stderr: string
  exitCode: number | null
}

function exec(args: string[], env: Record<string, string> = {}, cwd = folder): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, 'exec', ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        output[stream] += chunk.toString()
      })
    }
    child.on('error', reject)
    child.on('close', (exitCode) => resolve({ ...output, exitCode }))
  })
}

test('streams, arguments and exit code pass through, and what it writes stays inside', async () => {
  const env = { SEEN: 'seen', HIDDEN: 'hidden' }
  expect(await exec(['--expose-env', 'SEEN', 'program.cjs', 'a', '--b'], env)).toEqual({
    stdout: "[ 'a', '--b' ] program.cjs fixtures\nx\n",
    stderr: 'to stderr seen undefined\n',
    exitCode: 3,
  })
  expect(existsSync(join(folder, 'written-by-sandbox'))).toBe(false)
})

test('an hour of virtual time passes at once', async () => {
  expect(await exec(['--virtual-time', 'slow.cjs'])).toEqual({
    stdout: 'an hour\n',
    stderr: '',
    exitCode: 0,
  })
})

test('a program reaches its own server', async () => {
  const { stdout, exitCode } = await exec(['server.mjs'])
  expect({ stdout, exitCode }).toEqual({ stdout: '200 hello /x\n', exitCode: 0 })
})

test('an unmodified mocha runs a suite', async () => {
  const mocha = join(projectRoot, 'node_modules', 'mocha', 'bin', 'mocha.js')
  const { stdout, exitCode } = await exec(
    ['--root', projectRoot, mocha, '--reporter', 'dot', join(folder, 'suite', 'mocha.cjs')],
    {},
    projectRoot,
  )
  expect(stdout).toMatch(/2 passing.*\n.*1 pending.*\n.*1 failing/)
  expect(exitCode).toBe(1)
})

test('node:test runs a suite', async () => {
  const { stdout, exitCode } = await exec(['suite/node-test.mjs'])
  expect(stdout).toMatch(/ℹ pass 2\nℹ fail 1/)
  expect(exitCode).toBe(1)
})

test.each([
  [[], 'expected a script'],
  [['--root'], '--root needs a value'],
  [['--what', 'program.cjs'], "expected a script, got '--what'"],
  [['nope.cjs'], 'nope.cjs'],
  [['--root', 'suite', 'program.cjs'], 'is not in'],
  [['--memory', '-1', 'program.cjs'], "expected a positive number, got '-1'"],
])('wrong usage %j is told', async (args, text) => {
  const { stderr, exitCode } = await exec(args)
  expect(stderr).toContain(text)
  expect(exitCode).toBe(2)
})

test('the working folder is the root when the caller stands outside it', () => {
  const options = parseExecArguments([join(folder, 'program.cjs')], {}, '/')
  expect(options.cwd).toBe(options.root)
})
