import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mount } from '../guest/door/mount.ts'
import { MachineGroup } from '../guest/threads/machine-group.ts'
import { loadFacts, type NodeFacts } from '../runtime/facts.ts'
import { buildIsolateBundle } from '../runtime/isolate-bundle.ts'
import { machineMember } from '../world/machine-member.ts'
import { World } from '../world/world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cacheDir = join(root, '.cache/sandbox')

let prepared: Promise<{ facts: NodeFacts; bundlePath: string }> | undefined

/** A machine of this process, booted and without a program. */
export async function createMachine({
  preload = [],
  ...options
}: {
  preload?: string[]
  catalogDir?: string
} = {}): Promise<MachineGroup> {
  prepared ??= buildIsolateBundle(cacheDir).then((bundlePath) => ({
    facts: loadFacts(cacheDir),
    bundlePath,
  }))
  return new MachineGroup({
    ...(await prepared),
    ...options,
    memoryMb: 256,
    boot: {
      clockMode: 'virtual',
      epochMs: 1_700_000_000_000,
      isJudge: false,
      limits: { openSockets: 256, timers: 10_000 },
      preload,
    },
    events: { onOutput() {}, onPrint() {} },
  })
}

/** A program of one file, as a `launch` input. */
export function launchOf(text: string, mounts: Mount[] = [], clockMode?: 'real') {
  const path = '/app/main.cjs'
  return {
    kind: 'launch',
    mounts,
    program: {
      argv: [path],
      execArgv: [],
      env: {},
      cwd: '/app',
      files: { [path]: text },
      cliOptions: {},
      seed: 1,
      ...(clockMode && { clockMode }),
    },
  }
}

export function createWorld(mode: 'virtual' | 'real' = 'virtual'): World {
  return new World({ mode, seed: 1, limits: { steps: 200_000, virtualHorizonMs: 86_400_000 } })
}

/** Adds a machine that runs `text` and collects what it prints. */
export async function addProgram(
  world: World,
  id: string,
  text: string,
  { hostnames = [`${id}.test`], mounts = [] as Mount[] } = {},
): Promise<{ output(): string }> {
  const machine = await createMachine()
  world.addMember(machineMember(machine, id, hostnames))
  let output = ''
  world.onPrint((from, _stream, bytes) => {
    if (from === id) output += Buffer.from(bytes).toString()
  })
  world.input(id, launchOf(text, mounts))
  return { output: () => output }
}

/** The packages this repository has installed, where a program at `/app` looks for them. */
export const installedPackages: Mount[] = [
  { at: '/app/node_modules', root: join(root, 'node_modules') },
]
