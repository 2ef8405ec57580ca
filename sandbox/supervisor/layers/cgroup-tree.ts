import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface GuestGroup {
  /** Puts a process, with all it will start, under the group's limits. */
  add(pid: number): void
  /** Whether the kernel killed in it for want of memory. */
  hasRunOutOfMemory(): boolean
  /** Kills what is left in it and removes it; answers false while the kernel still holds it. */
  remove(): boolean
}

export interface GuestGroupLimits {
  memoryBytes: number
  processes: number
  /** Share of processor time: 2 is two processors. */
  processors: number
}

/** What a delegated cgroup v2 folder must offer. */
const controllers = ['memory', 'pids', 'cpu'] as const
const periodUs = 100_000

/** Calls that differ for a folder that only looks like a cgroup. */
export interface TreeCalls {
  removeFolder(path: string): void
}

/**
 * Turns the controllers on for groups below `root`.
 * @throws with a sentence when the folder is no cgroup v2, lacks a controller, or holds processes of its own
 */
export function openCgroupTree(root: string): void {
  let offered: string[]
  try {
    offered = readFileSync(join(root, 'cgroup.controllers'), 'utf8').trim().split(/\s+/)
  } catch {
    throw new Error(`${root} is no cgroup v2 folder`)
  }
  const missing = controllers.filter((name) => !offered.includes(name))
  if (missing.length > 0) throw new Error(`${root} does not delegate ${missing.join(', ')}`)
  try {
    writeFileSync(
      join(root, 'cgroup.subtree_control'),
      controllers.map((name) => `+${name}`).join(' '),
    )
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(
      code === 'EBUSY'
        ? `${root} holds processes of its own, so groups below it can have no limits; delegate one without any (systemd: Delegate=yes and DelegateSubgroup=server)`
        : `${root} cannot be changed (${code})`,
    )
  }
}

let count = 0

/** Makes a group with these limits below an opened tree. */
export function makeGuestGroup(
  root: string,
  limits: GuestGroupLimits,
  calls: TreeCalls = { removeFolder: rmdirSync },
): GuestGroup {
  count += 1
  const folder = join(root, `assay-guest-${process.pid}-${count}`)
  mkdirSync(folder)
  const set = (name: string, value: string) => writeFileSync(join(folder, name), value)
  try {
    set('memory.max', `${limits.memoryBytes}`)
    set('pids.max', `${limits.processes}`)
    set('cpu.max', `${limits.processors * periodUs} ${periodUs}`)
  } catch (error) {
    calls.removeFolder(folder)
    throw error
  }
  // Kernels without swap accounting or older than 5.14 have not all of these; the limits above are what counts.
  const trySet = (name: string, value: string) => {
    try {
      set(name, value)
    } catch {}
  }
  trySet('memory.swap.max', '0')
  trySet('memory.oom.group', '1')
  return {
    add: (pid) => set('cgroup.procs', `${pid}`),
    hasRunOutOfMemory() {
      try {
        const events = readFileSync(join(folder, 'memory.events'), 'utf8')
        return Number(/^oom_kill (\d+)$/m.exec(events)?.[1] ?? 0) > 0
      } catch {
        return false
      }
    },
    remove() {
      trySet('cgroup.kill', '1')
      try {
        calls.removeFolder(folder)
        return true
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT'
      }
    },
  }
}
