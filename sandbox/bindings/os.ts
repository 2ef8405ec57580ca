import type { BindingFactory, NodeObject } from '../isolate/env.ts'
import { environmentOf } from './process-environment.ts'

const megabyte = 1024 * 1024
const cpu = ['Virtual CPU', 2000, 0, 0, 0, 0, 0]

/** The machine a program finds itself on: always the same small one, so that runs compare. */
export const os: BindingFactory = (env) => {
  let priority = 0
  const home = () => {
    const variables = environmentOf(env)
    const named = Object.hasOwn(variables, 'HOME') && variables.HOME
    return typeof named === 'string' ? named : '/home/node'
  }
  const isOwn = (pid: number) => pid === 0 || pid === env.process.pid
  /** As `CollectUVExceptionInfo` fills a context. */
  const fail = (context: NodeObject, code: string, syscall: string) => {
    const [errno, , message] = env.facts.uvErrors.find(([, name]) => name === code) ?? []
    Object.assign(context, { errno, code, message, syscall })
    return undefined
  }
  return {
    getHostname: () => 'sandbox',
    getLoadAvg: (averages: Float64Array) => averages.fill(0),
    getUptime: () => env.clock.nowMs() / 1000,
    getTotalMem: () => 2048 * megabyte,
    getFreeMem: () => 1024 * megabyte,
    getCPUs: () => [...cpu],
    getAvailableParallelism: () => 1,
    getOSInformation: () => ['Linux', '#1 SMP', '6.1.0', 'x86_64'],
    getHomeDirectory: home,
    getInterfaceAddresses: () => [
      'lo',
      '127.0.0.1',
      '255.0.0.0',
      'IPv4',
      '00:00:00:00:00:00',
      true,
      -1,
    ],
    getUserInfo(options: { encoding?: string } | undefined) {
      const { Buffer } = env.requireBuiltin('buffer') as { Buffer: typeof globalThis.Buffer }
      const text = (value: string) => (options?.encoding === 'buffer' ? Buffer.from(value) : value)
      return {
        uid: 1000,
        gid: 1000,
        username: text('node'),
        homedir: text(home()),
        shell: text('/bin/sh'),
      }
    },
    getPriority(pid: number, context: NodeObject) {
      if (isOwn(pid)) return priority
      return fail(context, 'ESRCH', 'uv_os_getpriority')
    },
    setPriority(pid: number, next: number, context: NodeObject) {
      if (!isOwn(pid)) return fail(context, 'ESRCH', 'uv_os_setpriority')
      // Without privileges a process may only step back.
      if (next < priority) return fail(context, 'EACCES', 'uv_os_setpriority')
      priority = next
      return 0
    },
  }
}
