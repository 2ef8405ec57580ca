import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { readUsage } from '../../../sandbox/supervisor/usage.ts'

const mains = { guest: /guest-[0-9a-f]+\.mjs/, judge: /\/judge-[0-9a-f]+\.mjs/ }

/** Processes of this kind that this process has started and that still run. Reads `/proc`. */
export function childrenOf(kind: keyof typeof mains): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid)) return []
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const isOurs = Number(parent) === process.pid && state !== 'Z'
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return isOurs && mains[kind].test(command) ? [pid] : []
    } catch {
      // It ended between the listing and the look.
      return []
    }
  })
}

/** Resolves with the first answer that is not undefined, asked every few milliseconds. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await setTimeout(5)
  }
}

/** A guest at rest holds about 120 MB; one that runs `holdsAndSpins` 80 MB more. */
const holdingMb = 170

/** The guest that runs `holdsAndSpins`, once it does. */
export const holdingGuest = () =>
  eventually(() => childrenOf('guest').find((pid) => (readUsage(pid)?.residentMb ?? 0) > holdingMb))
