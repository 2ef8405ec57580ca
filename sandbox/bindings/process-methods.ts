import type { BindingFactory, NodeObject } from '../isolate/env.ts'
import { FsFault } from '../isolate/tree/fault.ts'
import { realPath } from './fs/real-path.ts'
import { createUvExceptions } from './fs/uv-exception.ts'
import { createEnvironment, provideEnvironment } from './process-environment.ts'
import { createSignalHub } from './signals.ts'

/** The process id every program sees. */
const ownPid = 4242
const lastSignal = 64
const invalidArgument = -22
const noSuchProcess = -3

export const processMethods: BindingFactory = (env) => {
  createSignalHub(env)
  const hrtimeBuffer = new Uint32Array(3)
  const hrtimeBig = new BigUint64Array(hrtimeBuffer.buffer, 0, 1)
  let cwd = '/'
  let umask = 0o022
  const { threads } = env
  const ownCwd = () => cwd
  const ownUmask = (mask?: number) => {
    const old = umask
    if (mask !== undefined) umask = mask & 0o777
    return old
  }
  threads.provide('process_methods.cwd', ownCwd)
  threads.provide('process_methods.umask', ownUmask)
  provideEnvironment(env)
  const memory = () => {
    const heap = env.door('process.memory') as [number, number, number, number, number]
    return heap
  }
  return {
    hrtimeBuffer,
    hrtime() {
      const now = env.clock.nowMs()
      const seconds = Math.floor(now / 1000)
      hrtimeBuffer[0] = Math.floor(seconds / 0x1_0000_0000)
      hrtimeBuffer[1] = seconds >>> 0
      hrtimeBuffer[2] = Math.round((now - seconds * 1000) * 1e6)
    },
    hrtimeBigInt() {
      hrtimeBig[0] = BigInt(Math.round(env.clock.nowMs() * 1e6))
    },
    uptime: () => env.clock.nowMs() / 1000,
    cwd: threads.isMain ? ownCwd : () => threads.call(0, 'process_methods.cwd'),
    chdir: function chdir(directory: string) {
      try {
        const real = realPath(env.tree, directory)
        if (env.tree.find(real).kind !== 'directory') throw new FsFault('ENOTDIR')
        cwd = real
      } catch (fault) {
        const context = { syscall: 'chdir', path: cwd, dest: directory }
        throw createUvExceptions(env).thrown(fault, context, chdir)
      }
    },
    umask: threads.isMain ? ownUmask : () => threads.call(0, 'process_methods.umask'),
    memoryUsage(array: Float64Array) {
      array.set(memory())
    },
    rss: () => memory()[0],
    constrainedMemory: () => 0,
    availableMemory: () => memory()[1],
    cpuUsage(array: Float64Array) {
      const micros = env.door('process.cpuMicros') as number
      array[0] = micros
      array[1] = 0
    },
    threadCpuUsage(array: Float64Array) {
      array[0] = env.door('process.cpuMicros') as number
      array[1] = 0
    },
    resourceUsage(array: Float64Array) {
      array.fill(0)
      array[0] = env.door('process.cpuMicros') as number
    },
    _getActiveRequests: () => [],
    _getActiveHandles: () => [],
    getActiveResourcesInfo: () => env.loop.resources,
    _rawDebug(text: string) {
      env.door('print', 2, `${text}\n`)
    },
    reallyExit: (code: number) => env.exit(code),
    abort: () => env.exit(134),
    causeSegfault: () => env.exit(139),
    /** There is no other process to signal: only this one, by its id or as its own group. */
    _kill(pid: number, signal: number) {
      if (signal < 0 || signal > lastSignal) return invalidArgument
      if (pid !== ownPid && pid !== 0 && pid !== -ownPid) return noSuchProcess
      if (signal !== 0) env.port.deliver({ kind: 'signal', signal })
      return 0
    },
    setEmitWarningSync() {},
    loadEnvFile: undefined,
    patchProcessObject(process: NodeObject) {
      const { program, facts } = env
      if (program === undefined) throw new Error('no program to run')
      cwd = program.cwd
      const define = (name: string, value: unknown, isWritable = true) =>
        Object.defineProperty(process, name, {
          value,
          writable: isWritable,
          enumerable: true,
          configurable: true,
        })
      define('title', 'node')
      define('argv', ['node', ...program.argv])
      define('execArgv', [...program.execArgv])
      define('versions', Object.freeze({ ...facts.versions }), false)
      define('pid', ownPid, false)
      define('ppid', ownPid - 1, false)
      define('execPath', '/usr/local/bin/node')
      define('debugPort', 9229)
      define('env', createEnvironment(env, program.env))
    },
  }
}
