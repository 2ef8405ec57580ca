import type { BindingFactory, NodeFunction } from '../isolate/env.ts'
import { FsFault } from '../isolate/tree/fault.ts'
import { encodeName, pathArgument } from './fs/names.ts'
import { defineOperation } from './fs/operation.ts'
import { listOf } from './fs/path-operations.ts'
import { remoteFunction } from './fs/remote.ts'
import { direntType } from './fs/stat-fields.ts'
import { createUvExceptions } from './fs/uv-exception.ts'

/** A name and its `uv_dirent_type_t`. */
type Entry = [name: string, type: number]

/** `fs.opendir`: a handle that gives names and types in batches, null at the end. */
export const fsDir: BindingFactory = (env) => {
  const { tree } = env
  const exceptions = createUvExceptions(env)

  class DirHandle {
    #entries: Entry[]
    #at = 0
    constructor(entries: Entry[]) {
      this.#entries = entries
    }
    next(encoding: unknown, count: number): unknown[] | null {
      const batch = this.#entries.slice(this.#at, this.#at + count)
      this.#at += batch.length
      if (batch.length === 0) return null
      return batch.flatMap(([name, type]) => [encodeName(env, name, encoding), type])
    }
    getAsyncId(): number {
      return 0
    }
  }

  const read = defineOperation(env, exceptions, 'read', {
    syscall: 'scandir',
    requestAt: 3,
    run: (handle, encoding, count) => (handle as DirHandle).next(encoding, Number(count ?? 32)),
  })
  const close = defineOperation(env, exceptions, 'close', {
    syscall: 'closedir',
    requestAt: 1,
    run: () => undefined,
  })
  const methods = {
    read(this: DirHandle, encoding: unknown, count: unknown, request: unknown) {
      return read(this, encoding, count, request)
    },
    close(this: DirHandle, request: unknown) {
      return close(this, request)
    },
  }
  Object.assign(DirHandle.prototype, methods)

  const listHere = (path: string): Entry[] => {
    const node = tree.find(path)
    if (node.kind !== 'directory') throw new FsFault('ENOTDIR')
    return listOf(tree, node).map(([name, entry]) => [name, direntType(entry)])
  }
  env.threads.provide('fs_dir.list', listHere as NodeFunction)
  const list = env.threads.isMain ? listHere : remoteFunction(env, 'list', 'fs_dir')

  const open = (path: unknown, _encoding: unknown, request: unknown) => {
    try {
      return new DirHandle(list(pathArgument(path)) as Entry[])
    } catch (fault) {
      // The synchronous call's error shows no path.
      if (fault instanceof FsFault && request === undefined)
        throw new FsFault(fault.code, { path: null })
      throw fault
    }
  }
  return {
    DirHandle,
    opendir: defineOperation(env, exceptions, 'opendir', {
      syscall: 'opendir',
      requestAt: 2,
      pathAt: 0,
      run: open,
    }),
    opendirSync: defineOperation(env, exceptions, 'opendirSync', {
      syscall: 'opendir',
      requestAt: 9,
      pathAt: 0,
      run: open,
    }),
  }
}
