import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { BootOptions } from '../isolate/env.ts'
import { factFiles } from '../runtime/facts.ts'
import { nativePackageFolders, nativePackagePath } from '../runtime/host-bundle.ts'
import type { PreparedRuntime } from '../runtime/prepare.ts'

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
}

/** A guest process and the socket that carries its frames. */
export interface GuestProcess {
  process: ChildProcess
  channel: Socket
}

/**
 * Writable mappings of a guest. Every isolate reserves 512 MB for code, which the kernel counts, so this only stops a
 * runaway reservation; what is really used is bounded by the isolate's own limit and the supervisor's look at resident
 * memory.
 */
const dataKb = 16 * 1024 * 1024

/**
 * Starts a guest with no environment, no descriptor but its channel (3) and stderr, Node's permission model (reads of
 * what it was built from, by name; no network, no children, no writes) and kernel limits where a POSIX shell can set them.
 */
export function spawnGuest(options: GuestSpawnOptions): GuestProcess {
  const { runtime } = options
  const settings = {
    runtime,
    memoryMb: options.memoryMb,
    outputBytes: options.outputBytes,
    isRehearsing: options.isRehearsing,
    boot: options.boot,
  }
  const readable = [
    runtime.guestMain,
    runtime.isolateBundle,
    runtime.catalogDir,
    ...factFiles(runtime.cacheDir, runtime.factsKey),
    ...nativePackageFolders(),
    // node-gyp-build looks here to tell musl from glibc when isolated-vm loads its binary.
    '/etc/alpine-release',
  ]
  const nodeArguments = [
    ...guestNodeFlags,
    '--expose-internals',
    '--permission',
    '--allow-addons',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    runtime.guestMain,
    JSON.stringify(settings),
    nativePackagePath(),
  ]
  const child = spawnLimited(nodeArguments, options.cpuSeconds, [
    'ignore',
    'ignore',
    'pipe',
    'pipe',
  ])
  const channel = child.stdio[3] as Socket
  return { process: child, channel }
}

/** Flags every process that hosts an isolate needs: isolated-vm's own, and bytecode that stays compiled. */
export const guestNodeFlags = ['--no-node-snapshot', '--no-flush-bytecode', '--no-warnings']

type Stdio = NonNullable<Parameters<typeof spawn>[2]['stdio']>

/** Spawns the pinned Node under `ulimit` in a process group of its own. */
function spawnLimited(nodeArguments: string[], cpuSeconds: number, stdio: Stdio): ChildProcess {
  const node = realpathSync(process.execPath)
  if (process.platform === 'win32') return spawn(node, nodeArguments, { env: {}, stdio })
  const limits = `ulimit -c 0; ulimit -t ${Math.ceil(cpuSeconds)}; ulimit -f 0; ulimit -n 64; ulimit -d ${dataKb}; exec "$0" "$@"`
  return spawn('/bin/sh', ['-c', limits, node, ...nodeArguments], {
    env: { TZ: 'UTC' },
    cwd: '/',
    detached: true,
    stdio,
  })
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
