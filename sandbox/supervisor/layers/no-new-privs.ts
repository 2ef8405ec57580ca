import { findProgram } from './find-program.ts'
import { active, type Layer, prefix, unavailable } from './layer.ts'
import { probe } from './probe.ts'

export const noNewPrivs: Layer = {
  id: 'no-new-privs',
  protects: 'setuid programs of the host: nothing the guest executes gains a privilege',
  async detect() {
    if (findProgram('setpriv') === null)
      return unavailable('setpriv is not installed; it is part of util-linux')
    const { privileges } = await probe([this], {}, ['privileges'])
    return privileges === 'NoNewPrivs:1'
      ? active('the kernel holds the flag for a probe')
      : unavailable(`setpriv did not do it: ${privileges}`)
  },
  wrap: (command) => prefix(command, findProgram('setpriv') ?? 'setpriv', ['--no-new-privs']),
}
