import { active, type Layer, unavailable } from './layer.ts'
import { probe, refusals } from './probe.ts'

/**
 * Node's own permission model. `--allow-addons`: isolated-vm is one, and then any addon of the machine may be loaded, whose
 * machine code nobody asks; nor is `node:sqlite` of Node 26 asked for the files it opens. The layers around are for that.
 */
export const nodePermissions: Layer = {
  id: 'permissions',
  protects:
    'host-side JavaScript that a program has got hold of: node:fs reads only the files a guest is built from, and there are no writes, network, children, workers or FFI; SQLite and native addons are not asked',
  async detect() {
    const seen = await probe([this], {}, ['read', 'write', 'connect', 'spawn'])
    const open = refusals(seen, (outcome) => outcome === 'ERR_ACCESS_DENIED')
    return open === null
      ? active('a probe was denied a file, a write, a connection and a child')
      : unavailable(`the pinned Node did not deny it: ${open}`)
  },
  wrap(command, { readable }) {
    const allowed = readable.map((path) => `--allow-fs-read=${path}`)
    return { ...command, args: ['--permission', '--allow-addons', ...allowed, ...command.args] }
  },
}
