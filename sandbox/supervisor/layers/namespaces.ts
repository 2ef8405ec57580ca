import { findProgram } from './find-program.ts'
import { active, type Layer, type LayerId, prefix, unavailable } from './layer.ts'
import { ownUid } from './own-uid.ts'
import { probe, refusals } from './probe.ts'

const always = ['--user', '--net', '--ipc', '--uts']
/** Processes of its own cost a process that waits, and a `/proc` of its own is refused inside many containers. */
const variants = [
  {
    flags: ['--pid', '--fork', '--kill-child', '--mount-proc'],
    has: 'network, processes and /proc',
  },
  { flags: ['--pid', '--fork', '--kill-child'], has: 'network and processes' },
  { flags: [], has: 'network' },
]

let chosen = variants[0] as { flags: string[]; has: string }

/** What `unshare` of util-linux gives where bubblewrap is not installed: everything but a file system of its own. */
export const namespaces: Layer = {
  id: 'namespaces',
  protects:
    'the network, the processes and the shared memory of the host: a guest has none of them, not even the loopback device',
  async detect(_host, found) {
    if (process.platform !== 'linux') return unavailable('only Linux has namespaces')
    if (findProgram('unshare') === null)
      return unavailable('unshare is not installed; it is part of util-linux')
    const problems: string[] = []
    for (const variant of variants) {
      chosen = variant
      const isApart = variant.flags.length > 0
      const seen = await probe([...takenUser(found), this], {}, [
        'connect',
        ...(isApart ? (['signal'] as const) : []),
      ])
      const open = refusals(seen, (outcome) => outcome !== 'done' && /^E[A-Z]+$/.test(outcome))
      if (open === null) return active(`a probe had its own ${variant.has}`)
      problems.push(open)
    }
    return unavailable(
      `the kernel refuses user namespaces to us (${problems.at(-1)}); allow them (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns), or install bubblewrap`,
    )
  },
  wrap(command, _needs, layers) {
    // bubblewrap makes the same ones, and more.
    if (layers.has('bubblewrap')) return command
    return prefix(command, findProgram('unshare') ?? 'unshare', [...always, ...chosen.flags, '--'])
  },
}

/** Namespaces are made by the user the guest will be, who may be refused what root is not. */
export const takenUser = (found: ReadonlySet<LayerId>): Layer[] =>
  found.has('own-uid') ? [ownUid] : []
