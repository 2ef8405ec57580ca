import { bubblewrap } from './bubblewrap.ts'
import { findProgram } from './find-program.ts'
import { active, type Layer, prefix, unavailable } from './layer.ts'
import { probe, refusals } from './probe.ts'
import { isFilteredArchitecture, seccompProgram } from './seccomp-program.ts'

/** Node cannot install a filter itself; `bwrap` does, and `setpriv` of util-linux 2.41. */
export const seccomp: Layer = {
  id: 'seccomp',
  protects:
    "most of the kernel: of about 370 system calls a guest has some 110; it makes no socket, no process, no namespace, and reaches none of the kernel's rarely used corners",
  async detect({ cacheDir, readable }, found) {
    if (process.platform !== 'linux') return unavailable('only Linux has seccomp')
    if (!isFilteredArchitecture(process.arch))
      return unavailable(`there is no list of system calls for ${process.arch}`)
    const isByBubblewrap = found.has('bubblewrap')
    if (!isByBubblewrap && findProgram('setpriv') === null)
      return unavailable('neither bwrap nor setpriv is here to install a filter')
    const layers = isByBubblewrap ? [seccomp, bubblewrap] : [seccomp]
    const seen = await probe(layers, { cacheDir, readable }, ['connect', 'spawn'])
    const open = refusals(seen, (outcome) => outcome === 'EPERM')
    if (open === null) return active('a probe was refused a socket and a process by the kernel')
    return unavailable(
      isByBubblewrap
        ? `bwrap could not install the filter: ${open}`
        : `install bubblewrap, or util-linux 2.41 or newer (setpriv: ${open})`,
    )
  },
  wrap(command, { cacheDir }, layers) {
    if (layers.has('bubblewrap') || layers.has('landlock')) return command
    const args = ['--no-new-privs', '--seccomp-filter', seccompProgram(cacheDir)]
    return prefix(command, findProgram('setpriv') ?? 'setpriv', args)
  },
}
