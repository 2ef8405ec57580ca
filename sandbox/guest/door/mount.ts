import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
} from 'node:fs'
import { join } from 'node:path'
import type { DoorHost, DoorOps } from './door.ts'

/** A folder of the host that the program sees at `at`, read-only. */
export interface Mount {
  /** Absolute path in the guest. */
  at: string
  /** Absolute path on the host. */
  root: string
  /** Names of the root's own entries that are visible (`@scope/name` for scoped packages); absent means all. */
  only?: string[]
}

const maxFileBytes = 32 * 1024 * 1024
const maxEntries = 20_000

/**
 * Read-only looks into mounted folders. A path is taken only if no part of it is a symbolic link, so nothing outside
 * the root can be reached; links are shown as links and resolved in the guest's own tree.
 */
export function mountOps(host: DoorHost): DoorOps {
  const rootOf = (mountId: number): { mount: Mount; root: string } => {
    const mount = host.mounts[mountId]
    if (mount === undefined) throw new RangeError('unknown mount')
    return { mount, root: realpathSync.native(mount.root) }
  }
  const resolve = (mountId: number, path: string): string => {
    const { mount, root } = rootOf(mountId)
    const parts = path === '' ? [] : path.split('/')
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      throw new RangeError('not a path of this mount')
    }
    if (!isVisible(mount, path)) throw new RangeError('not a path of this mount')
    const full = join(root, ...parts)
    if (realpathSync.native(full) !== full) throw new RangeError('not a path of this mount')
    return full
  }

  return {
    'mount.list': () => host.mounts.map(({ at }, mountId) => ({ at, mountId })),
    'mount.list-directory'(mountId: number, path: string) {
      const { mount } = rootOf(mountId)
      const folder = resolve(mountId, path)
      const entries: unknown[] = []
      for (const name of readdirSync(folder)) {
        const relative = path === '' ? name : `${path}/${name}`
        if (!isVisible(mount, relative)) continue
        if (entries.length >= maxEntries) throw new RangeError('too many entries')
        // A name that is no UTF-8 cannot be said here, and what has gone meanwhile is gone: neither hides the others.
        const stat = lstatSync(join(folder, name), { throwIfNoEntry: false })
        if (stat === undefined) continue
        const mode = stat.mode & 0o777
        if (stat.isSymbolicLink())
          entries.push([name, 'link', mode, 0, stat.mtimeMs, readlinkSync(join(folder, name))])
        else if (stat.isDirectory()) entries.push([name, 'directory', mode, 0, stat.mtimeMs, ''])
        else if (stat.isFile()) entries.push([name, 'file', mode, stat.size, stat.mtimeMs, ''])
      }
      return entries
    },
    'mount.read'(mountId: number, path: string) {
      const fd = openSync(resolve(mountId, path), constants.O_RDONLY | constants.O_NOFOLLOW)
      try {
        const { size } = fstatSync(fd)
        if (size > maxFileBytes) throw new RangeError('file too large')
        const bytes = new Uint8Array(size)
        let at = 0
        while (at < size) {
          const count = readSync(fd, bytes, at, size - at, at)
          if (count === 0) break
          at += count
        }
        return bytes.subarray(0, at)
      } finally {
        closeSync(fd)
      }
    },
  }
}

/** Whether a path lies in, or on the way to, one of the entries that are let through. */
function isVisible(mount: Mount, path: string): boolean {
  if (mount.only === undefined || path === '') return true
  return mount.only.some(
    (name) => path === name || path.startsWith(`${name}/`) || name.startsWith(`${path}/`),
  )
}
