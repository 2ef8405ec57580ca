import type { BindingFactory } from '../isolate/env.ts'

const megabyte = 1024 * 1024
const cpu = ['Virtual CPU', 2000, 0, 0, 0, 0, 0]

/** The machine a program finds itself on: always the same small one, so that runs compare. */
export const os: BindingFactory = (env) => {
  let priority = 0
  const home = () => env.program?.env.HOME ?? '/home/node'
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
    getPriority: () => priority,
    setPriority(_pid: number, next: number) {
      priority = next
      return 0
    },
  }
}
