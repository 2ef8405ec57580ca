import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, realpathSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { BootOptions } from '../isolate/env.ts'
import { factFiles } from '../runtime/facts.ts'
import { nativePackageFolders, nativePackagePath } from '../runtime/host-bundle.ts'
import type { PreparedRuntime } from '../runtime/prepare.ts'
import { guestGroup } from './layers/cgroup.ts'
import type { GuestGroup } from './layers/cgroup-tree.ts'
import { type Containment, contain, plainContainment } from './layers/containment.ts'

export interface GuestSpawnOptions {
  runtime: PreparedRuntime
  boot: BootOptions
  /** V8 heap ceiling of one isolate. */
  memoryMb: number
  outputBytes: number
  /** Whether it rehearses before it answers; worth it for a guest that waits for its program. */
  isRehearsing: boolean
  /** Processor seconds after which the kernel kills the process, whatever it does. */
  cpuSeconds: number
  /** Layers around it, as `detectContainment` found them; else those of every POSIX host. */
  containment?: Containment
}

/** A guest process and the socket that carries its frames. */
export interface GuestProcess {
  /** The guest, or the outermost of its wrappers: what is done to its process group is done to all. */
  process: ChildProcess
  channel: Socket
  /** Whether the kernel ended it for want of memory; known where the cgroup layer is active. */
  hasRunOutOfMemory(): boolean
}

/** Files and folders every guest of a runtime reads, and the only ones it can. */
export function guestFiles(runtime: PreparedRuntime): string[] {
  return [
    runtime.guestMain,
    runtime.isolateBundle,
    runtime.catalogDir,
    ...factFiles(runtime.cacheDir, runtime.factsKey),
    ...nativePackageFolders(),
    // node-gyp-build looks here to tell musl from glibc when isolated-vm loads its binary.
    '/etc/alpine-release',
  ]
}

/**
 * Starts a guest with no environment, no descriptor but its channel (3) and stderr, inside the given layers. It reads what
 * it was built from, by name, and nothing else.
 */
export function spawnGuest(options: GuestSpawnOptions): GuestProcess {
  const { runtime, containment = plainContainment } = options
  const settings = {
    runtime,
    memoryMb: options.memoryMb,
    outputBytes: options.outputBytes,
    isRehearsing: options.isRehearsing,
    boot: options.boot,
  }
  const command = contain(
    {
      file: realpathSync(process.execPath),
      args: [
        ...runtime.nodeFlags,
        '--expose-internals',
        runtime.guestMain,
        JSON.stringify(settings),
        nativePackagePath(),
      ],
      openFiles: [],
    },
    {
      readable: guestFiles(runtime),
      cpuSeconds: options.cpuSeconds,
      cacheDir: runtime.cacheDir,
    },
    containment,
  )
  const group = containment.has('cgroup') ? guestGroup(options.memoryMb) : null
  const files = command.openFiles.map((path) => openSync(path, 'r'))
  try {
    const child = spawn(command.file, command.args, {
      env: process.platform === 'win32' ? {} : { TZ: 'UTC' },
      cwd: process.platform === 'win32' ? undefined : '/',
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', ...files],
      ...(command.uid === undefined ? {} : { uid: command.uid }),
      ...(command.gid === undefined ? {} : { gid: command.gid }),
    })
    if (group !== null && child.pid !== undefined) group.add(child.pid)
    return { process: child, channel: child.stdio[3] as Socket, ...watchGroup(child, group) }
  } finally {
    for (const each of files) closeSync(each)
  }
}

/** How often and how long a group that its processes have left is tried to be removed. */
const removalDelayMs = 50
const maxRemovals = 40

/** Removes the group when the guest has ended; remembers what the kernel counted in it. */
function watchGroup(child: ChildProcess, group: GuestGroup | null) {
  let hasRunOut = false
  const remove = (left: number) => {
    if (group?.remove() === false && left > 0) setTimeout(remove, removalDelayMs, left - 1).unref()
  }
  child.once('exit', () => {
    hasRunOut = group?.hasRunOutOfMemory() ?? false
    remove(maxRemovals)
  })
  return { hasRunOutOfMemory: () => hasRunOut }
}

/** Ends a process and everything it may have started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
