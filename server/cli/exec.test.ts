import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseTrace } from '../../sandbox/protocol/trace.ts'
import { parseExecArguments } from './exec.ts'
import { withoutCertificates } from './exec-process.ts'

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

test.each(['then', 'catch', 'reject'])(
  'a program that replaces what we settle promises with ends: %s',
  async (name) => {
    expect(await exec(['replaced.mjs', name])).toEqual({
      stdout: 'up\nlost\n',
      stderr: '',
      exitCode: 0,
    })
  },
)

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

describe('--trace', () => {
  const script = join(folder, 'trace', 'serves.cjs')
  const traced = (express: string, ...options: string[]) =>
    exec([...options, '--root', projectRoot, script, express])

  test.each([
    ['express', '--trace'],
    ['express4', '--trace'],
    ['express', '--virtual-time', '--trace'],
  ])('tells at the end what the program did: %s %s %s', async (express, ...options) => {
    const { stdout, stderr, exitCode } = await traced(express, ...options)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
    expect(stderr).toMatch(/^── trace ──\n\nphases of the event loop\n/)
    expect(stderr).toMatch(/\n {2}main +1 /)
    expect(stderr).toMatch(
      /\nlongest turn: [\d.]+ ms of processor time, in \w+: \w+, set at .*serves.cjs:\d+:\d+/,
    )
    expect(stderr).toMatch(/\n {2}timeout +1 .* \S+serves.cjs:16:3\n/)
    expect(stderr).toMatch(/\n {2}GET \/sent → 200\n/)
    expect(stderr).toContain(`    first (/): next()
    sends (GET /sent): ended the response, then error
    last (/): still open - headers were sent already
`)
    expect(stderr).toMatch(/\n {2}server +yes +- +127.0.0.1 port \d+ +\S+serves.cjs:18:20\n/)
    expect(stderr).toMatch(/\n {2}interval +yes +60000 ms +- +\S+serves.cjs:5:1\n/)
    expect(stderr).toMatch(/\n {2}\d+ ms +Error: nobody hears +\S+serves.cjs:15:18\n/)
  })

  test('writes JSON when asked, after what the program wrote', async () => {
    const { stderr } = await exec(['--trace=json', 'program.cjs'])
    const lines = stderr.split('\n')
    expect(lines[0]).toContain('to stderr')
    expect(parseTrace(JSON.parse(lines[1] ?? ''))).toMatchObject({ alive: [], rejections: [] })
  })

  test('tells of a program that nobody handled a rejection of', async () => {
    const { stderr, exitCode } = await exec(['--trace', 'trace/rejects.mjs'])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(
      /unhandled rejections\n.*\n {2}\d+ ms +RangeError: lost +\S+rejects.mjs:1:/,
    )
  })
})

/** Starts a program, waits for its first line, and answers a way to signal `assay exec` and how it ends. */
async function started(args: string[]) {
  const child = spawn(process.execPath, [cli, 'exec', ...args], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let stdout = ''
  const ended = new Promise<{ stdout: string; exitCode: number | null }>((resolve) => {
    child.on('close', (exitCode) => resolve({ stdout, exitCode }))
  })
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      if (stdout.includes('\n')) resolve()
    })
  })
  return { child, ended, innerPid: () => childOf(child.pid ?? 0) }
}

const childOf = (pid: number) =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0])

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A process that was told to end needs a moment for it; the test's own time limit is the bound. */
const hasGone = async (pid: number) => {
  while (isAlive(pid)) await setTimeout(20)
  return true
}

describe('a signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a program that does not listen, with exit code %i', async (signal, code) => {
    const { child, ended } = await started(['signals/waits.cjs'])
    child.kill(signal)
    expect(await ended).toEqual({ stdout: 'ready\n', exitCode: code })
  })

  test('reaches the handler of a program that listens, which ends as it likes', async () => {
    const { child, ended } = await started(['signals/listens.cjs'])
    child.kill('SIGTERM')
    expect(await ended).toEqual({ stdout: 'ready\ngot SIGTERM\ndone\n', exitCode: 7 })
  })

  test('reaches a program that never comes to rest', async () => {
    const { child, ended } = await started(['signals/immediates.cjs'])
    child.kill('SIGINT')
    expect(await ended).toEqual({ stdout: 'ready\ngot SIGINT\n', exitCode: 5 })
  })

  test.runIf(existsSync('/proc/self/task'))(
    'ends a program that never comes back to its events',
    async () => {
      const { child, ended, innerPid } = await started(['signals/spins.cjs'])
      const pid = innerPid()
      // It takes the signals that come before its loop begins.
      const asking = setInterval(() => isAlive(pid) && child.kill('SIGTERM'), 50)
      expect((await ended).exitCode).toBe(143)
      clearInterval(asking)
    },
  )

  test.runIf(existsSync('/proc/self/task'))('sent to the whole group counts once', async () => {
    const { child, ended, innerPid } = await started(['signals/counts.cjs'])
    process.kill(innerPid(), 'SIGINT')
    child.kill('SIGINT')
    expect(await ended).toEqual({ stdout: 'ready\n1\n', exitCode: 0 })
  })

  test.runIf(existsSync('/proc/self/task'))(
    'that kills the command takes the program along',
    async () => {
      const { child, ended, innerPid } = await started(['signals/waits.cjs'])
      const pid = innerPid()
      child.kill('SIGKILL')
      await ended
      expect(await hasGone(pid)).toBe(true)
    },
  )
})

test.each(['stdin/events.cjs', 'stdin/iterates.mjs', 'stdin/reads-at-once.cjs'])(
  'a program that reads its input sees the end of it: %s',
  async (script) => {
    const { ended } = await started([script])
    expect(await ended).toEqual({ stdout: 'ready\nend\n', exitCode: 0 })
  },
)

test.each([
  [[], 'expected a script'],
  [['--root'], '--root needs a value'],
  [['--what', 'program.cjs'], "expected a script, got '--what'"],
  [['nope.cjs'], 'nope.cjs'],
  [['--root', 'suite', 'program.cjs'], 'is not in'],
  [['--memory', '-1', 'program.cjs'], "expected at least 8 MB of memory, got '-1'"],
  [['--memory', '7', 'program.cjs'], "expected at least 8 MB of memory, got '7'"],
])('wrong usage %j is told', async (args, text) => {
  const { stderr, exitCode } = await exec(args)
  expect(stderr).toContain(text)
  expect(exitCode).toBe(2)
})

test('who stands outside the root means its script, whatever stands here under that name', () => {
  const root = join(folder, 'same-name')
  const named = (workingFolder: string) =>
    parseExecArguments(['--root', root, 'program.cjs'], {}, workingFolder).file
  expect(named(folder)).toBe(join(root, 'program.cjs'))
  expect(named(join(root, 'inner'))).toBe(join(root, 'inner', 'program.cjs'))
})

test('the working folder is the root when the caller stands outside it', () => {
  const options = parseExecArguments([join(folder, 'program.cjs')], {}, '/')
  expect(options.cwd).toBe(options.root)
})

test('the process of a program gets no certificate file of the host', () => {
  const env = { PATH: '/bin', NODE_EXTRA_CA_CERTS: '/a.pem', SSL_CERT_FILE: '/b.pem' }
  expect(withoutCertificates(env)).toEqual({ PATH: '/bin' })
})
