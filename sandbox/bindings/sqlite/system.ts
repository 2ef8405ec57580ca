import type { Env } from '../../isolate/env.ts'
import { callDoor } from '../door-call.ts'
import { decodeUtf8 } from '../utf8.ts'

const pageBytes = 64 * 1024
/** What the compiled library starts with; see `maxPages`. */
const startPages = 128
/** 128 MB for all databases of a program: the isolate's own limit does not count WebAssembly's memory. */
const maxPages = 2048

const noSuchFile = -44
const badDescriptor = 8
const randomPath = '/dev/urandom'
const randomDescriptor = 3

const { getDate, getDay, getFullYear, getHours, getMinutes, getMonth, getSeconds } = Date.prototype
const { getTimezoneOffset } = Date.prototype

/** What SQLite asks of its operating system: time, randomness and memory. There are no files. */
export function createSystem(env: Env) {
  const OwnDate = Date
  const memory = new env.webAssembly.Memory({ initial: startPages, maximum: maxPages })
  const bytes = () => new Uint8Array(memory.buffer)
  const view = () => new DataView(memory.buffer)
  const random = (count: number) =>
    callDoor<Uint8Array>(env, 'crypto.random', env.program?.seed ?? null, count)
  const textAt = (at: number) => {
    const all = bytes()
    return decodeUtf8(all, at, all.indexOf(0, at))
  }

  const own: Record<string, (...args: never[]) => unknown> = {
    emscripten_date_now: () => env.clock.epochNowMs(),
    emscripten_get_now: () => env.clock.nowMs(),
    emscripten_get_heap_max: () => maxPages * pageBytes,
    emscripten_resize_heap(size: number) {
      const pages = Math.ceil(((size >>> 0) - memory.buffer.byteLength) / pageBytes)
      try {
        memory.grow(pages)
        return 1
      } catch {
        return 0
      }
    },
    clock_time_get(_clock: number, _precision: bigint, at: number) {
      view().setBigUint64(at, BigInt(env.clock.epochNowMs()) * 1_000_000n, true)
      return 0
    },
    environ_sizes_get(countAt: number, sizeAt: number) {
      view().setUint32(countAt, 0, true)
      view().setUint32(sizeAt, 0, true)
      return 0
    },
    environ_get: () => 0,
    _tzset_js: () => undefined,
    _localtime_js(seconds: bigint, at: number) {
      const date = new OwnDate(Number(seconds) * 1000)
      const part = (method: () => number) => Reflect.apply(method, date, [])
      const year = part(getFullYear)
      const [month, day] = [part(getMonth), part(getDate)]
      const yearDay = (OwnDate.UTC(year, month, day) - OwnDate.UTC(year, 0, 1)) / 86_400_000
      const fields = [
        ...[part(getSeconds), part(getMinutes), part(getHours), day, month, year - 1900],
        ...[part(getDay), yearDay, 0, -60 * part(getTimezoneOffset)],
      ]
      for (let i = 0; i < fields.length; i++) view().setInt32(at + 4 * i, fields[i] as number, true)
    },
    __syscall_openat: (_folder: number, path: number) =>
      textAt(path) === randomPath ? randomDescriptor : noSuchFile,
    fd_close: () => 0,
    fd_read(descriptor: number, vectors: number, count: number, readAt: number) {
      if (descriptor !== randomDescriptor) return badDescriptor
      let total = 0
      for (let i = 0; i < count; i++) {
        const at = view().getUint32(vectors + 8 * i, true)
        const length = view().getUint32(vectors + 8 * i + 4, true)
        if (length > 0) bytes().set(random(length), at)
        total += length
      }
      view().setUint32(readAt, total, true)
      return 0
    },
  }

  return {
    memory,
    bytes,
    view,
    textAt,
    /** The functions that a compiled module imports; what is not above is about files, and finds none. */
    importsOf(module: WebAssembly.Module): WebAssembly.Imports {
      const imports: Record<string, Record<string, unknown>> = {}
      for (const { module: from, name } of env.webAssembly.Module.imports(module)) {
        imports[from] ??= {}
        const refused = from === 'env' ? () => noSuchFile : () => badDescriptor
        ;(imports[from] as Record<string, unknown>)[name] =
          name === 'memory' ? memory : (own[name] ?? refused)
      }
      return imports as WebAssembly.Imports
    },
  }
}

export type SqliteSystem = ReturnType<typeof createSystem>
