import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { childrenOf } from '../processes.ts'

/** Guests are told apart by their heap limit, which stands in their command line: give each scene a number of its own. */
export const guestsWithMemory = (memoryMb: number): number[] =>
  childrenOf('guest').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`"memoryMb":${memoryMb},`)
    } catch {
      return false
    }
  })

/** True once no such guest runs any more; false after a second. */
export async function areGone(memoryMb: number): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (guestsWithMemory(memoryMb).length === 0) return true
    await setTimeout(10)
  }
  return false
}
