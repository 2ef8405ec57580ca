import type { Env } from '../../isolate/env.ts'
import type { Descriptors } from './descriptors.ts'
import type { UvExceptions } from './uv-exception.ts'

const ranges = new WeakMap<object, { offset: number; length: number }>()

/** Which part of its file a handle streams: -1 is its own position, or all that is left. */
export function fileRangeOf(handle: object): { offset: number; length: number } | undefined {
  return ranges.get(handle)
}

/** The native half of `fs.promises`' FileHandle: owns one descriptor until it is closed or released. */
export function createFileHandleClass(
  env: Env,
  descriptors: Descriptors,
  exceptions: UvExceptions,
) {
  const asyncIds = env.internalBinding('async_wrap').async_id_fields as Float64Array
  const newAsyncId = 2

  return class FileHandle {
    #fd: number
    #asyncId: number
    constructor(fd: number, offset = -1, length = -1) {
      ranges.set(this, { offset, length })
      this.#fd = fd
      asyncIds[newAsyncId] = (asyncIds[newAsyncId] ?? 0) + 1
      this.#asyncId = asyncIds[newAsyncId] as number
    }
    get fd(): number {
      return this.#fd
    }
    getAsyncId(): number {
      return this.#asyncId
    }
    getProviderType(): number {
      return 0
    }
    close(): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const fd = this.#fd
      this.#fd = -1
      env.loop.queueJob(() => {
        try {
          descriptors.close(fd)
        } catch (fault) {
          return reject(exceptions.detached(fault, { syscall: 'close' }))
        }
        resolve()
      })
      return promise
    }
    closeSync(): void {
      const fd = this.#fd
      this.#fd = -1
      try {
        descriptors.close(fd)
      } catch (fault) {
        throw exceptions.thrown(fault, { syscall: 'close' }, this.closeSync as never)
      }
    }
    releaseFD(): number {
      const fd = this.#fd
      this.#fd = -1
      return fd
    }
  }
}
