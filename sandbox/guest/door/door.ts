import ivm from 'isolated-vm'
import type { CompiledBundle } from '../../catalog/compiled-bundle.ts'
import type { PortMessage } from '../../isolate/port.ts'
import type { NodeFacts } from '../../runtime/facts.ts'
import type { ThreadHost } from '../threads/thread-host.ts'
import type { Recording } from '../trace/recording.ts'
import { basicOps } from './basic.ts'
import { compileOps } from './compile.ts'
import { cryptoOps } from './crypto/ops.ts'
import { histogramOps } from './histogram.ts'
import { httpOps } from './http.ts'
import { icuOps } from './icu.ts'
import { moduleOps } from './module-table.ts'
import { type Mount, mountOps } from './mount.ts'
import { programCodeOps } from './program-code.ts'
import { sqliteOps } from './sqlite.ts'
import { textOps } from './text.ts'
import { threadOps } from './threads.ts'
import { tlsOps } from './tls/ops.ts'
import { traceOps } from './trace.ts'
import { typescriptOps } from './typescript.ts'
import { urlOps } from './url.ts'
import { urlPatternOps } from './url-pattern.ts'
import { zlibOps } from './zlib.ts'

/** What door operations may reach of the host. Nothing else does. */
export interface DoorHost {
  isolate: ivm.Isolate
  context: ivm.Context
  facts: NodeFacts
  /** Parts of the host's file system that the program sees, read-only. Set before it is launched. */
  mounts: Mount[]
  /** The program tracks its asynchronous context, so its code is instrumented. Set before it is launched. */
  isTrackingContext: boolean
  /** Absent as long as the program is not traced. */
  recording?: Recording
  /** The other threads of the program; absent where there can be none. */
  threads?: ThreadHost
  startedAtMs: number
  /** What a bundle of the catalog compiled to, by file name: evaluated more than once, compiled once. */
  compiledBundles: Map<string, ivm.Reference>
  copyBytes(bytes: Uint8Array): ivm.ExternalCopy<ArrayBuffer>
  /** The catalog's bundle when `filename` is where this guest sees it. */
  catalogBundle(filename: string): CompiledBundle | null
  onOutput(message: PortMessage): void
  onPrint(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  onExit(code: number): void
  /** Hands an event of a TLS connection to the guest, in the middle of the operation that made it, for its answer. */
  tellTls(connection: number, kind: string, value: unknown, extra: unknown): unknown
  hasExited(): boolean
}

/** One operation: checks its arguments itself and answers with plain data or bytes. */
export type DoorOp = (...args: never[]) => unknown
export type DoorOps = Record<string, DoorOp>

/** The largest string or byte argument any operation accepts; larger ones are refused before any work. */
const maxArgumentBytes = 64 * 1024 * 1024

/** Everything an isolate may ask for, by name. */
export function doorOps(host: DoorHost): DoorOps {
  return Object.assign(
    Object.create(null) as DoorOps,
    basicOps(host),
    compileOps(host),
    programCodeOps(host),
    moduleOps(host),
    mountOps(host),
    traceOps(host),
    typescriptOps(host),
    urlOps(),
    httpOps(host),
    sqliteOps(host),
    textOps(),
    threadOps(host),
    urlPatternOps(),
    histogramOps(),
    zlibOps(),
    icuOps(),
    cryptoOps(),
    tlsOps(host),
  )
}

/**
 * The only callback an isolate gets. It never throws (a host error would carry host paths into the isolate): a fault
 * becomes `{ refused, message }` with a bounded code.
 */
export function createDoor(host: DoorHost, ops: DoorOps = doorOps(host)): ivm.Callback {
  return new ivm.Callback((op: unknown, ...args: unknown[]): unknown => {
    try {
      const run = typeof op === 'string' ? ops[op] : undefined
      if (run === undefined) return { refused: 'ERR_DOOR_UNKNOWN', message: 'unknown operation' }
      for (const arg of args) {
        const size =
          typeof arg === 'string' ? arg.length : ArrayBuffer.isView(arg) ? arg.byteLength : 0
        if (size > maxArgumentBytes) {
          return {
            refused: 'ERR_DOOR_TOO_LARGE',
            message: `argument over ${maxArgumentBytes} bytes`,
          }
        }
      }
      const answer = run(...(args as never[]))
      // An exit inside a nested entry ended only that entry; this one must end too.
      return host.hasExited() ? { ended: true } : transferable(answer)
    } catch (error) {
      return refusal(error)
    }
  })
}

export function transferable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const isPlain = isPlainData(value)
  // What is neither plain data nor bytes is a transferable of isolated-vm's own (a compiled function).
  if (!isPlain && !ArrayBuffer.isView(value)) return value
  return new ivm.ExternalCopy(withOwnBytes(value)).copyInto({ release: true })
}

function isPlainData(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || Array.isArray(value)
}

/**
 * The same data with every view over a buffer of its own. A view is cloned together with the whole buffer under it, and
 * that of a pooled `Buffer` holds bytes of everything else the host did.
 */
function withOwnBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
  }
  if (Array.isArray(value)) return value.map(withOwnBytes)
  if (!isPlainData(value)) return undefined
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withOwnBytes(item)]))
}

/** Name, code and the first line of the message: enough for Node's own errors, nothing of the host. */
function refusal(error: unknown): unknown {
  const { code, message, name } = error as {
    code?: unknown
    message?: unknown
    name?: unknown
  }
  return new ivm.ExternalCopy({
    refused: typeof code === 'string' ? code : 'ERR_DOOR_FAILED',
    message:
      String(message ?? '')
        .split('\n', 1)[0]
        ?.slice(0, 500) ?? '',
    name: typeof name === 'string' ? name : 'Error',
  }).copyInto({ release: true })
}
