import type { Env, NodeObject } from '../../isolate/env.ts'

import type { CopyOptions } from './copy-tree.ts'
import type { Descriptors } from './descriptors.ts'
import { pathArgument } from './names.ts'
import { bytesOf, type Transfer } from './transfer.ts'
import type { UvExceptions } from './uv-exception.ts'

interface Job {
  ondone(...args: unknown[]): void
}

/** The one-round-trip jobs of `fs.promises` (`readFile`, `writeFile`) and the directory copy of `cp`. */
export function fileJobs(
  env: Env,
  descriptors: Descriptors,
  transfer: Transfer,
  exceptions: UvExceptions,
  copyDirectory: (from: string, to: string, options: CopyOptions) => string | undefined,
): NodeObject {
  const failed = (fault: unknown, syscall: string, path?: unknown) =>
    exceptions.detached(fault, {
      syscall,
      path: path === undefined ? undefined : pathArgument(path),
    })

  class ReadFileJob {
    #path: unknown
    #flags: number
    #maxBytes: number
    constructor(path: unknown, flags: number, maxBytes: number) {
      this.#path = path
      this.#flags = flags
      this.#maxBytes = maxBytes
    }
    run(): undefined {
      env.loop.queueJob(() => this.#complete())
    }
    #complete(): void {
      const job = this as unknown as Job
      let fd: number
      try {
        fd = descriptors.open(pathArgument(this.#path), this.#flags, 0o666)
      } catch (fault) {
        job.ondone(failed(fault, 'open', this.#path))
        return
      }
      try {
        const { node } = descriptors.get(fd)
        if (node.kind === 'file' && node.size > this.#maxBytes) {
          job.ondone(null, undefined, fd, node.size)
          return
        }
        const bytes = transfer.readRest(fd)
        const copy = bufferOf(env, bytes)
        descriptors.close(fd)
        job.ondone(null, copy, -1)
      } catch (fault) {
        descriptors.close(fd)
        job.ondone(failed(fault, 'read', this.#path))
      }
    }
  }

  class WriteFileJob {
    #path: unknown
    #flags: number
    #mode: number
    #data: Uint8Array
    constructor(path: unknown, flags: number, mode: number, data: unknown) {
      this.#path = path
      this.#flags = flags
      this.#mode = mode
      this.#data = bytesOf(data)
    }
    run(): undefined {
      env.loop.queueJob(() => this.#complete())
    }
    #complete(): void {
      const job = this as unknown as Job
      let fd: number
      try {
        fd = descriptors.open(pathArgument(this.#path), this.#flags, this.#mode)
      } catch (fault) {
        job.ondone(failed(fault, 'open', this.#path))
        return
      }
      try {
        transfer.write(fd, this.#data, -1)
      } catch (fault) {
        descriptors.close(fd)
        job.ondone(failed(fault, 'write'))
        return
      }
      descriptors.close(fd)
      job.ondone(null)
    }
  }

  class CpDirJob {
    #from: string
    #to: string
    #options: CopyOptions
    constructor(
      from: unknown,
      to: unknown,
      force: boolean,
      dereference: boolean,
      errorOnExist: boolean,
      verbatim: boolean,
      keepTimes: boolean,
      mode: number,
    ) {
      this.#from = pathArgument(from)
      this.#to = pathArgument(to)
      this.#options = {
        force,
        dereference,
        errorOnExist,
        verbatimSymlinks: verbatim,
        preserveTimestamps: keepTimes,
        isFresh: true,
        mode,
      }
    }
    run(): void {
      env.loop.queueJob(() => {
        const job = this as unknown as Job
        try {
          const special = copyDirectory(this.#from, this.#to, this.#options)
          if (special === undefined) job.ondone(null)
          else job.ondone(null, 'unknown', special)
        } catch (error) {
          job.ondone(error)
        }
      })
    }
  }

  return { ReadFileJob, WriteFileJob, CpDirJob }
}

/** A Buffer of its own over a copy of the bytes. */
function bufferOf(env: Env, bytes: Uint8Array): Uint8Array {
  const { Buffer } = env.requireBuiltin('buffer') as { Buffer: typeof globalThis.Buffer }
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength)
  copy.set(bytes)
  return copy
}
