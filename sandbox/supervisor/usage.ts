import { readFileSync } from 'node:fs'

/** Clock ticks a second of `/proc/<pid>/stat`; fixed at 100 on every Linux we run on (`getconf CLK_TCK`). */
const ticksPerSecond = 100
const pageBytes = 4096

export interface ProcessUsage {
  cpuMs: number
  residentMb: number
}

/**
 * Processor time and resident memory of a process and all below it as the kernel counts them: a guest may have a wrapper
 * before it. Null where there is no `/proc` or no process.
 */
export function readUsage(pid: number): ProcessUsage | null {
  const own = readOne(pid)
  if (own === null) return null
  return childrenOf(pid)
    .map(readUsage)
    .filter((usage) => usage !== null)
    .reduce(
      (sum, { cpuMs, residentMb }) => ({
        cpuMs: sum.cpuMs + cpuMs,
        residentMb: sum.residentMb + residentMb,
      }),
      own,
    )
}

function readOne(pid: number): ProcessUsage | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    const pages = Number(fields[21])
    return { cpuMs: (ticks * 1000) / ticksPerSecond, residentMb: (pages * pageBytes) / 1_048_576 }
  } catch {
    return null
  }
}

/** Wrappers start what they wrap from their first thread. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** A process and all below it, as long as they run; what has ended and waits to be reaped does not count. */
export function runningBelow(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(runningBelow)].filter(isRunning)
}

export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
  } catch {
    return false
  }
}
