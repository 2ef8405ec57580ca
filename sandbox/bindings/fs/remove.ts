import type { Env, NodeObject } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { FileTree, Place } from '../../isolate/tree/tree.ts'
import { pathArgument } from './names.ts'
import type { UvExceptions } from './uv-exception.ts'

/** `fs.rmSync`, which C++ does in one call. */
export function removeFunctions(tree: FileTree, exceptions: UvExceptions, env: Env): NodeObject {
  return {
    rmSync: function rmSync(path: unknown, _retries: unknown, isRecursive: unknown): void {
      const text = pathArgument(path)
      let place: Place | undefined
      try {
        place = find(() => tree.place(text, false))
      } catch (fault) {
        throw exceptions.thrown(fault, { syscall: 'rm', path: text }, rmSync)
      }
      // The caller already let `force` pass over what is not there.
      if (place?.node === undefined) return
      if (place.node.kind === 'directory' && isRecursive !== true) {
        const { codes } = env.requireBuiltin('internal/errors') as {
          codes: Record<string, new (info: object) => Error>
        }
        const IsDirectory = codes.ERR_FS_EISDIR as new (info: object) => Error
        throw new IsDirectory({
          code: 'EISDIR',
          message: 'is a directory',
          path: text,
          syscall: 'rm',
          errno: 21,
        })
      }
      try {
        removeAll(tree, text)
      } catch (fault) {
        throw exceptions.thrown(fault, { syscall: 'rm', path: text }, rmSync)
      }
    },
  }
}

const isMissing = (code: string) => code === 'ENOENT' || code === 'ENOTDIR'

function removeAll(tree: FileTree, path: string): void {
  const place = tree.place(path, false)
  if (place.node === undefined) throw new FsFault('ENOENT')
  if (place.node.kind === 'directory') {
    for (const name of [...tree.children(place.node).keys()]) removeAll(tree, `${path}/${name}`)
  }
  if (place.name === '') throw new FsFault('EBUSY')
  tree.unlink(place.parent, place.name)
}

function find<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (fault) {
    if (fault instanceof FsFault && isMissing(fault.code)) return undefined
    throw fault
  }
}
