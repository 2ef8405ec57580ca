import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { machineMember } from '../world/machine-member.ts'
import { World } from '../world/world.ts'
import { createMachine } from './worlds.ts'

/** A program as files: name to text, the first one is run. */
export type ProgramFiles = Record<string, string>

export interface Outcome {
  stdout: string
  stderr: string
  exitCode: number | null
}

const defaultFolder = '/app'

/** Runs the program in the sandbox, in virtual time, alone in its world; it believes to lie in `folder`. */
export async function runInSandbox(files: ProgramFiles, folder = defaultFolder): Promise<Outcome> {
  const machine = await createMachine()
  const world = new World({
    mode: 'virtual',
    seed: 1,
    limits: { steps: 1_000_000, virtualHorizonMs: 86_400_000 },
  })
  const output = { stdout: '', stderr: '' }
  world.onPrint((_id, stream, bytes) => {
    output[stream] += Buffer.from(bytes).toString()
  })
  world.addMember(machineMember(machine, 'program', ['program.test']))
  world.input('program', {
    kind: 'launch',
    program: {
      argv: [`${folder}/${Object.keys(files)[0]}`],
      execArgv: [],
      env: {},
      cwd: folder,
      files: Object.fromEntries(
        Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]),
      ),
      cliOptions: {},
      seed: 1,
    },
  })
  await world.run()
  const state = world.stateOf('program')
  machine.dispose()
  return { ...output, exitCode: state?.kind === 'exited' ? state.exitCode : null }
}

/** Runs the program on the pinned Node, from a folder whose path is replaced by the sandbox's in what it prints. */
export async function runOnNode(files: ProgramFiles): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), 'assay-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFile(join(root, name), text)
    const outcome = await spawnNode(root, [join(root, Object.keys(files)[0] ?? '')])
    const atHome = (text: string) => text.replaceAll(root, defaultFolder)
    return { ...outcome, stdout: atHome(outcome.stdout), stderr: atHome(outcome.stderr) }
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** Runs a file where it lies on the pinned Node, over the real loopback. */
export function runFileOnNode(path: string, nodeArguments: string[] = []): Promise<Outcome> {
  return spawnNode(dirname(path), ['--no-warnings', ...nodeArguments, path])
}

/** A program that never ends must not outlive its test. */
const nativeTimeoutMs = 30_000

function spawnNode(cwd: string, nodeArguments: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, nodeArguments, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {},
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), nativeTimeoutMs)
    const output = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (chunk: Buffer) => {
        output[stream] += chunk.toString()
      })
    }
    child.on('error', reject)
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      resolve({ ...output, exitCode })
    })
  })
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
