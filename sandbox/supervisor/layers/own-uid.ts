import { randomInt } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { active, type Command, type Layer, unavailable } from './layer.ts'
import { probe, refusals } from './probe.ts'

/**
 * Numbers of users that nobody has, tried in this order: above the ones of containers; what systemd hands to services for a
 * while, which exists inside containers with few numbers too.
 */
const ranges = [
  { first: 1_880_000_000, count: 1_000_000 },
  { first: 61_184, count: 4_000 },
]

let range = ranges[0] as { first: number; count: number }
let next = randomInt(1_000_000)

/** A user of its own for every guest, so that guests cannot touch each other either, and the kernel counts each alone. */
export const ownUid: Layer = {
  id: 'own-uid',
  protects:
    "files, processes and secrets of the server's user and of other guests: each guest is a user nobody else is",
  async detect({ readable }) {
    if (process.getuid === undefined) return unavailable('this system has no user ids')
    if (process.getuid() !== 0) {
      return unavailable(
        'the server does not run as root, so every guest runs as the same user as the server; start it as root in a container or machine of its own, or rely on namespaces',
      )
    }
    const problems: string[] = []
    for (const candidate of ranges) {
      range = candidate
      const seen = await probe([this], { readable }, ['uid', 'read', 'environ', 'readable'])
      const { uid, readable: blocked, ...forbidden } = seen
      if (uid !== `${process.getuid()}` && /^\d+$/.test(uid ?? '')) {
        if (blocked !== 'done') {
          return unavailable(
            `a user of its own cannot read ${blocked}; make it and the folders above it readable (chmod o+rX), or set ASSAY_CACHE to a folder that is`,
          )
        }
        const open = refusals(forbidden, (outcome) => outcome === 'EACCES' || outcome === 'EPERM')
        if (open === null)
          return active(`a probe ran as user ${uid} and was refused what is root's`)
        problems.push(open)
      } else if (seen.error === 'EACCES') {
        return unavailable(
          `a user of its own cannot run ${realpathSync(process.execPath)}: a folder above is closed to others; move the checkout out of it (not below /root), or chmod o+x it`,
        )
      } else problems.push(`user ${candidate.first} cannot be taken (${uid ?? seen.error})`)
    }
    return unavailable(problems.join('; '))
  },
  wrap(command): Command {
    next += 1
    const id = range.first + (next % range.count)
    return { ...command, uid: id, gid: id }
  },
}
