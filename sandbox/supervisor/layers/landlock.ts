import { existsSync, statSync } from 'node:fs'
import { findProgram } from './find-program.ts'
import { active, type Command, type Layer, off, prefix, unavailable } from './layer.ts'
import { takenUser } from './namespaces.ts'
import { probe, refusals } from './probe.ts'
import { seccompProgram } from './seccomp-program.ts'
import { sharedObjects } from './shared-objects.ts'

/** Files by an allow list of the kernel's, where bubblewrap is not installed; `setpriv` of util-linux 2.41 sets it. */
export const landlock: Layer = {
  id: 'landlock',
  protects:
    'every file of the host that a guest is not built from, even for machine code: the kernel refuses to open them',
  async detect({ readable, cacheDir }, found) {
    if (process.platform !== 'linux') return unavailable('only Linux has Landlock')
    if (found.has('bubblewrap')) return off('bubblewrap keeps the same files away, and more')
    if (findProgram('setpriv') === null)
      return unavailable('setpriv is not installed; it is part of util-linux')
    const seen = await probe([landlock, ...takenUser(found)], { readable, cacheDir }, [
      'read',
      'write',
      'environ',
      'readable',
    ])
    const { readable: blocked, ...forbidden } = seen
    const open = refusals(forbidden, (outcome) => outcome === 'EACCES')
    if (open !== null)
      return unavailable(`install bubblewrap, or util-linux 2.41 or newer (setpriv: ${open})`)
    if (blocked !== 'done') return unavailable(`a guest could not read ${blocked} inside`)
    return active('a probe was refused every file of the host but those of a guest')
  },
  wrap: (command, { readable, cacheDir }, layers): Command =>
    prefix(command, findProgram('setpriv') ?? 'setpriv', [
      '--no-new-privs',
      ...landlockArguments(command.file, sharedObjects(), readable.filter(existsSync)),
      // One setpriv for both: a second one could not do its work under the filter.
      ...(layers.has('seccomp') ? ['--seccomp-filter', seccompProgram(cacheDir)] : []),
      '--',
    ]),
}

/** What Node reads when it starts, or fails when it is there and may not be read. None of it is secret. */
const nodeReads = [
  '/etc/ld.so.cache',
  '/etc/ssl/openssl.cnf',
  '/proc/meminfo',
  '/sys/devices/system/cpu/online',
  '/dev/null',
  '/dev/urandom',
]

/** Rules for `setpriv`: all access to files is refused but this. `/proc/self` is the guest's own when it is resolved. */
export function landlockArguments(node: string, libraries: string[], readable: string[]): string[] {
  const rule = (access: string, path: string) => [
    '--landlock-rule',
    `path-beneath:${access}:${path}`,
  ]
  return [
    '--landlock-access',
    'fs',
    ...[node, ...libraries].flatMap((path) => rule('execute,read-file', path)),
    ...nodeReads.filter(existsSync).flatMap((path) => rule('read-file', path)),
    ...rule('read-file,read-dir', '/proc/self'),
    ...readable.flatMap((path) =>
      rule(statSync(path).isDirectory() ? 'read-file,read-dir' : 'read-file', path),
    ),
  ]
}
