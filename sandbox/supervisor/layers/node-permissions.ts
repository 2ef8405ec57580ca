import { active, type Layer, unavailable } from './layer.ts'
import { probe, refusals } from './probe.ts'

/** Node's own permission model. `--allow-addons`: isolated-vm is one. */
export const nodePermissions: Layer = {
  id: 'permissions',
  protects:
    'host-side JavaScript that a program has got hold of: it reads only the files a guest is built from, and has no writes, network, children, workers or FFI',
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
