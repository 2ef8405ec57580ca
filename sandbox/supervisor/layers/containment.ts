import { bubblewrap } from './bubblewrap.ts'
import { cgroup } from './cgroup.ts'
import { jitless } from './jitless.ts'
import { landlock } from './landlock.ts'
import type { Command, GuestNeeds, Layer, LayerId } from './layer.ts'
import { posixLayers } from './layer.ts'
import { namespaces } from './namespaces.ts'
import { noNewPrivs } from './no-new-privs.ts'
import { nodePermissions } from './node-permissions.ts'
import { ownUid } from './own-uid.ts'
import { rlimits } from './rlimits.ts'
import { seccomp } from './seccomp.ts'

/** Layers that a process is started with, from Node outwards: each finds what the one before made of the command. */
export const processLayers: readonly Layer[] = [
  nodePermissions,
  jitless,
  seccomp,
  landlock,
  bubblewrap,
  namespaces,
  noNewPrivs,
  rlimits,
  ownUid,
  cgroup,
]

/** Which layers guests are started with. */
export type Containment = ReadonlySet<LayerId>

/** What holds without having been tried: guests of a caller that did not ask for more. */
export const plainContainment: Containment = new Set(
  posixLayers.filter((id) => id !== 'rlimits' || process.platform !== 'win32'),
)

/** Puts the layers around a command. */
export function contain(command: Command, needs: GuestNeeds, layers: Containment): Command {
  return processLayers
    .filter(({ id }) => layers.has(id))
    .reduce((inner, layer) => layer.wrap?.(inner, needs, layers) ?? inner, command)
}
