import { existsSync } from 'node:fs'
import { active, type Layer, unavailable } from './layer.ts'
import { probe } from './probe.ts'

const shell = '/bin/sh'

/**
 * Writable mappings of a guest. Every isolate reserves 512 MB for code, which the kernel counts, so this only stops a
 * runaway reservation; what is really used is bounded by the isolate's own limit and the supervisor's look at resident
 * memory.
 */
const dataKb = 16 * 1024 * 1024
const openFiles = 64
/** Threads and processes of one guest: Node's own threads are 11, a wrapper's processes 2. */
const processes = 64

/**
 * Kernel limits, set by a POSIX shell that replaces itself. Soft and hard limit of processor time differ: at the soft one
 * the kernel names what happened (SIGXCPU), at the hard one it kills.
 */
export const rlimits: Layer = {
  id: 'rlimits',
  protects:
    'a guest that takes processor time, memory or descriptors without end, writes files or dumps core, whatever code it runs',
  async detect() {
    if (process.platform === 'win32' || !existsSync(shell))
      return unavailable('there is no POSIX shell here to set limits with')
    const { write, descriptors, reserve } = await probe([this], {}, [
      'write',
      'descriptors',
      'reserve',
    ])
    if (write === 'done' || descriptors === 'done') {
      return unavailable(`a probe passed its limits: write ${write}, descriptors ${descriptors}`)
    }
    if (reserve === 'done' && process.platform === 'linux')
      return unavailable('a probe reserved more memory than it may')
    return active(
      `a probe was refused a file (${write}), descriptors and a ${dataKb >> 20} GB reservation`,
    )
  },
  wrap(command, { cpuSeconds }, layers) {
    const seconds = Math.ceil(cpuSeconds)
    const limits = [
      'ulimit -c 0',
      `ulimit -S -t ${seconds}`,
      `ulimit -H -t ${seconds + 1}`,
      'ulimit -f 0',
      `ulimit -n ${openFiles}`,
      `ulimit -d ${dataKb}`,
      // The kernel counts per user, so only one of its own may be counted. bash says -u, dash and busybox say -p.
      ...(layers.has('own-uid')
        ? [
            `(ulimit -u ${processes}) 2>/dev/null && ulimit -u ${processes} || ulimit -p ${processes}`,
          ]
        : []),
      'exec "$0" "$@"',
    ]
    return {
      ...command,
      file: shell,
      args: ['-c', limits.join('; '), command.file, ...command.args],
    }
  },
}
