import { existsSync } from 'node:fs'
import { bubblewrapArguments } from './bubblewrap-arguments.ts'
import { findProgram } from './find-program.ts'
import { active, type Layer, prefix, unavailable } from './layer.ts'
import { takenUser } from './namespaces.ts'
import { probe, refusals } from './probe.ts'
import { seccompProgram } from './seccomp-program.ts'
import { sharedObjects } from './shared-objects.ts'

/** The first descriptor after those of a guest: none, none, stderr, channel. */
const firstExtraDescriptor = 4

/** A file system of its own besides all namespaces: what a guest is not built from does not exist for it. */
export const bubblewrap: Layer = {
  id: 'bubblewrap',
  protects:
    'every file of the host that a guest is not built from, even for machine code: those files do not exist for it; and all that namespaces protect from',
  async detect({ readable, cacheDir }, found) {
    if (process.platform !== 'linux') return unavailable('only Linux has bubblewrap')
    if (findProgram('bwrap') === null)
      return unavailable('bwrap is not installed; install the package bubblewrap')
    const layers = [...takenUser(found), bubblewrap].reverse()
    const seen = await probe(layers, { readable, cacheDir }, [
      'read',
      'connect',
      'signal',
      'list',
      'readable',
    ])
    const { list, readable: blocked, ...forbidden } = seen
    const open = refusals(forbidden, (outcome) => /^E[A-Z]+$/.test(outcome))
    if (open !== null) return unavailable(`bwrap did not hold a probe: ${open}`)
    if (blocked !== 'done') return unavailable(`a guest could not read ${blocked} inside`)
    return active(`a probe saw only ${list} and no network, process or file of the host`)
  },
  wrap(command, { readable, cacheDir }, layers) {
    const isFiltered = layers.has('seccomp')
    const args = bubblewrapArguments({
      files: [command.file, ...sharedObjects(), ...readable.filter(existsSync)],
      optionalFiles: ['/etc/ld.so.cache'],
      seccompDescriptor: isFiltered ? firstExtraDescriptor + command.openFiles.length : null,
    })
    const wrapped = prefix(command, findProgram('bwrap') ?? 'bwrap', args)
    return isFiltered
      ? { ...wrapped, openFiles: [...command.openFiles, seccompProgram(cacheDir)] }
      : wrapped
  },
}
