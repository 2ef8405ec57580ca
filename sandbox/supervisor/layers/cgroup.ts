import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GuestGroup, makeGuestGroup, openCgroupTree } from './cgroup-tree.ts'
import { active, type Layer, unavailable } from './layer.ts'

const mib = 1024 * 1024
/** What a guest process holds beyond its program's heap; above the supervisor's own look, which names the limit better. */
const residentSlackMb = 384
const guestProcesses = 64
/** One for the program, one for V8's helpers. */
const guestProcessors = 2

let tree: string | null = null

/** A group of its own for one guest; null when the layer is not active. */
export function guestGroup(memoryMb: number): GuestGroup | null {
  if (tree === null) return null
  return makeGuestGroup(tree, {
    memoryBytes: (memoryMb + residentSlackMb) * mib,
    processes: guestProcesses,
    processors: guestProcessors,
  })
}

/** The kernel counts memory, processes and processor time of each guest as a whole. Not a wrapper: see `spawnGuest`. */
export const cgroup: Layer = {
  id: 'cgroup',
  protects:
    "the machine's memory, process table and processors from one guest, counted by the kernel over all it starts and without a gap between looks",
  async detect({ cgroupRoot }) {
    const root = cgroupRoot ?? delegatedFolder()
    if (root === null) {
      return unavailable(
        'no cgroup v2 folder is delegated to the server; name one in ASSAY_CGROUP, or run it as a systemd service with Delegate=yes and DelegateSubgroup=server',
      )
    }
    try {
      openCgroupTree(root)
      const outcome = await tryToPassLimit(root)
      if (outcome !== null) return unavailable(outcome)
    } catch (error) {
      return unavailable((error as Error).message)
    }
    tree = root
    return active(`a probe that passed its memory was killed by the kernel, below ${root}`)
  },
}

/**
 * The folder above ours, when this user may make groups in it. Root may everywhere, which says nothing of delegation: root
 * names a folder in the settings.
 */
function delegatedFolder(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return null
  try {
    const own = /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
    if (own === undefined) return null
    const parent = join('/sys/fs/cgroup', own, '..')
    return existsSync(join(parent, 'cgroup.subtree_control')) ? parent : null
  } catch {
    return null
  }
}

/** Null when the kernel killed it, else what happened instead. */
async function tryToPassLimit(root: string): Promise<string | null> {
  const group = makeGuestGroup(root, {
    memoryBytes: 96 * mib,
    processes: guestProcesses,
    processors: guestProcessors,
  })
  // It waits to be told, so that it takes its memory as a member of the group.
  const script =
    "process.stdin.once('data', () => { Buffer.alloc(256 * 1024 * 1024, 1); process.exit(0) })"
  const child = spawn(process.execPath, ['-e', script], {
    env: {},
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 4000,
    killSignal: 'SIGTERM',
  })
  try {
    group.add(child.pid ?? 0)
    child.stdin?.on('error', () => {})
    child.stdin?.write('go\n')
    const [, signal] = await once(child, 'exit')
    return signal === 'SIGKILL' ? null : `a probe passed its memory limit below ${root}`
  } finally {
    child.kill('SIGKILL')
    group.remove()
  }
}
