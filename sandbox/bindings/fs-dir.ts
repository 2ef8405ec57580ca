import type { BindingFactory } from '../isolate/env.ts'
import { FsFault } from '../isolate/tree/fault.ts'
import type { TreeNode } from '../isolate/tree/nodes.ts'
import { encodeName, pathArgument } from './fs/names.ts'
import { defineOperation } from './fs/operation.ts'
import { listOf } from './fs/path-operations.ts'
import { direntType } from './fs/stat-fields.ts'
import { createUvExceptions } from './fs/uv-exception.ts'

/** `fs.opendir`: a handle that gives names and types in batches, null at the end. */
export const fsDir: BindingFactory = (env) => {
  const { tree } = env
  const exceptions = createUvExceptions(env)

  class DirHandle {
    #entries: [string, TreeNode][]
    #at = 0
    constructor(entries: [string, TreeNode][]) {
      this.#entries = entries
    }
    next(encoding: unknown, count: number): unknown[] | null {
      const batch = this.#entries.slice(this.#at, this.#at + count)
      this.#at += batch.length
      if (batch.length === 0) return null
      return batch.flatMap(([name, node]) => [encodeName(env, name, encoding), direntType(node)])
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

  const open = (path: unknown, _encoding: unknown, request: unknown) => {
    try {
      const node = tree.find(pathArgument(path))
      if (node.kind !== 'directory') throw new FsFault('ENOTDIR')
      return new DirHandle(listOf(tree, node))
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
