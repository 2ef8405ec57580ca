import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepareRuntime } from '../../runtime/prepare.ts'
import { GuestChannel, remoteMember } from '../../supervisor/remote-member.ts'
import { killGroup, spawnGuest } from '../../supervisor/spawn-guest.ts'
import { type RunEnd, World } from '../../world/world.ts'

const cacheDir = join(fileURLToPath(new URL('../../..', import.meta.url)), '.cache/sandbox')

export interface GuestRun {
  output: string
  end: RunEnd | 'lost'
  state: unknown
}

interface GuestOptions {
  limits?: { workers?: number; messages?: number; messageBytes?: number }
  memoryMb?: number
  /** Speaks to the program once it listens on port 3000. */
  visit?(world: World): Promise<void>
}

/** Runs one program of one file in a guest process of its own, as the engine does. */
export async function runInGuest(
  text: string,
  { limits = {}, memoryMb = 128, visit }: GuestOptions = {},
): Promise<GuestRun> {
  const guest = spawnGuest({
    runtime: await prepareRuntime(cacheDir),
    boot: {
      clockMode: 'virtual',
      epochMs: 1_700_000_000_000,
      isJudge: false,
      limits: { openSockets: 256, timers: 10_000, ...limits },
      preload: [],
    },
    memoryMb,
    outputBytes: 1 << 20,
    isRehearsing: false,
    cpuSeconds: 60,
  })
  try {
    const world = new World({
      mode: 'virtual',
      seed: 1,
      limits: { steps: 200_000, virtualHorizonMs: 3_600_000 },
    })
    let output = ''
    world.onPrint((_id, _stream, bytes) => {
      output += Buffer.from(bytes).toString()
    })
    world.addMember(remoteMember(new GuestChannel(guest.channel), 0, 'program', ['program.test']))
    world.input('program', { kind: 'launch', program: programOf(text) })
    if (visit !== undefined) {
      await world.run({ until: () => world.isListening('program', 3000) })
      await visit(world)
    }
    const end = await world.run().catch(() => 'lost' as const)
    return { output, end, state: world.stateOf('program') }
  } finally {
    killGroup(guest.process)
  }
}

function programOf(text: string) {
  return {
    argv: ['/app/main.cjs'],
    execArgv: [],
    env: {},
    cwd: '/app',
    files: { '/app/main.cjs': text },
    cliOptions: {},
    seed: 1,
  }
}
