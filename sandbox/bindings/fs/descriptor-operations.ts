import type { Env, NodeFunction } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import { access, type FileTree } from '../../isolate/tree/tree.ts'
import { checkDescriptor } from './checked-arguments.ts'
import type { Descriptors } from './descriptors.ts'
import { encodeText, pathArgument } from './names.ts'
import type { Operation } from './operation.ts'
import { fillStat, newStatFields } from './stat-fields.ts'
import { bytesOf, type Transfer } from './transfer.ts'

const readFlags = 0
const own = -1

/** Functions of the binding that take descriptors, and the whole-file ones that open their own. */
export function descriptorOperations(
  env: Env,
  tree: FileTree,
  descriptors: Descriptors,
  transfer: Transfer,
  shared: { stat: Float64Array; bigintStat: BigInt64Array },
): Record<string, Operation> {
  const slice = (view: unknown, offset: unknown, length: unknown) => {
    const bytes = bytesOf(view)
    const start = Number(offset ?? 0)
    const end = length === undefined ? bytes.byteLength : start + Number(length)
    if (start > bytes.byteLength || end > bytes.byteLength)
      throw new RangeError('Index out of range')
    return bytes.subarray(start, end)
  }

  const check: Operation['check'] = ([fd]) => checkDescriptor(fd)

  return {
    close: {
      syscall: 'close',
      requestAt: 1,
      check,
      run: (fd) => descriptors.close(Number(fd)),
    },
    fstat: {
      syscall: 'fstat',
      requestAt: 2,
      check,
      run: (fd, isBig, request) => {
        const { node } = descriptors.get(Number(fd))
        if (request !== undefined) return fillStat(newStatFields(isBig === true), node)
        return fillStat(isBig === true ? shared.bigintStat : shared.stat, node)
      },
      isQuiet: (args) => args[3] === true,
    },
    fsync: { syscall: 'fsync', requestAt: 1, check, run: (fd) => void descriptors.get(Number(fd)) },
    fdatasync: {
      syscall: 'fdatasync',
      requestAt: 1,
      check,
      run: (fd) => void descriptors.get(Number(fd)),
    },
    ftruncate: {
      syscall: 'ftruncate',
      requestAt: 2,
      check,
      run: (fd, length) => {
        const descriptor = descriptors.get(Number(fd))
        if ((descriptor.flags & 3) === 0 || descriptor.node.kind !== 'file')
          throw new FsFault('EINVAL')
        tree.resize(descriptor.node, Number(length ?? 0))
        tree.touch(descriptor.node, { modified: true })
      },
    },
    read: {
      syscall: 'read',
      requestAt: 5,
      check,
      run: (fd, view, offset, length, position) =>
        transfer.read(Number(fd), slice(view, offset, length), position),
    },
    readBuffers: {
      syscall: 'read',
      requestAt: 3,
      check,
      run: (fd, views, position) => {
        let total = 0
        if ((views as unknown[]).length === 0) throw new FsFault('EINVAL')
        for (const view of views as unknown[]) {
          const target = bytesOf(view)
          const count = transfer.read(Number(fd), target, advance(position, total))
          total += count
          if (count < target.byteLength) break
        }
        return total
      },
    },
    writeBuffer: {
      syscall: 'write',
      requestAt: 5,
      check,
      contextAt: 6,
      run: (fd, view, offset, length, position) =>
        transfer.write(Number(fd), slice(view, offset, length), position),
    },
    writeBuffers: {
      syscall: 'write',
      requestAt: 3,
      check,
      run: (fd, views, position) => {
        let total = 0
        for (const view of views as unknown[]) {
          total += transfer.write(Number(fd), bytesOf(view), advance(position, total))
        }
        return total
      },
    },
    writeString: {
      syscall: 'write',
      requestAt: 4,
      check,
      contextAt: 5,
      run: (fd, text, position, encoding) =>
        transfer.write(Number(fd), encodeText(env, String(text), encoding), position),
    },
    readFileUtf8: {
      syscall: 'open',
      requestAt: 9,
      pathAt: 0,
      run: (pathOrFd, flags) => {
        if (typeof pathOrFd === 'number')
          return utf8(
            env,
            after('read', () => transfer.readRest(pathOrFd)),
          )
        // Reading from a path needs no descriptor of its own: nothing can come in between.
        const place = tree.place(pathArgument(pathOrFd), true)
        if (place.node?.kind === 'file' && Number(flags ?? 0) === readFlags) {
          tree.check(place.node, access.read)
          return utf8(env, tree.content(place.node))
        }
        const fd = descriptors.open(pathArgument(pathOrFd), Number(flags ?? readFlags), 0o666)
        try {
          return utf8(
            env,
            after('read', () => transfer.readRest(fd)),
          )
        } finally {
          descriptors.close(fd)
        }
      },
    },
    writeFileUtf8: {
      syscall: 'open',
      requestAt: 9,
      pathAt: 0,
      run: (pathOrFd, text, flags, mode) => {
        const bytes = encodeText(env, String(text), 'utf8')
        if (typeof pathOrFd === 'number') {
          after('write', () => transfer.write(pathOrFd, bytes, own))
          return
        }
        const fd = descriptors.open(pathArgument(pathOrFd), Number(flags), Number(mode))
        try {
          after('write', () => transfer.write(fd, bytes, own))
        } finally {
          descriptors.close(fd)
        }
      },
    },
  }
}

/** What fails after the open fails in the read or write, which knows no path. */
function after<T>(syscall: string, run: () => T): T {
  try {
    return run()
  } catch (fault) {
    throw fault instanceof FsFault ? new FsFault(fault.code, { path: null, syscall }) : fault
  }
}

function advance(position: unknown, by: number): unknown {
  if (typeof position === 'bigint') return position + BigInt(by)
  return typeof position === 'number' && position >= 0 ? position + by : position
}

function utf8(env: Env, bytes: Uint8Array): string {
  return (env.internalBinding('buffer').utf8Slice as NodeFunction)(
    bytes,
    0,
    bytes.byteLength,
  ) as string
}
