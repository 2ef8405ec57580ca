import type { Env, NodeObject } from '../isolate/env.ts'

/** An error of the host's own libraries, reduced by `guarded` (sandbox/guest/door/guarded.ts) to plain data. */
export interface HostFault {
  name: string
  message: string
  /** True if Node's own JavaScript made it: its stack then shows the code beside the name. */
  isNodeError: boolean
  props: [string, unknown][]
}

const constructors: Record<string, ErrorConstructor> = {
  Error,
  TypeError: TypeError as ErrorConstructor,
  RangeError: RangeError as ErrorConstructor,
  SyntaxError: SyntaxError as ErrorConstructor,
}

/** What a door operation failed with, as an error of this realm; undefined if it did not fail. */
export function faultOf(answer: unknown): Error | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const { fault, refused, message } = answer as {
    fault?: HostFault
    refused?: string
    message?: string
  }
  if (fault !== undefined) return errorOf(fault)
  if (refused === undefined) return undefined
  const error = new Error(String(message)) as Error & { code: string }
  error.code = refused
  return error
}

/**
 * Calls a door operation.
 * @throws what the operation failed with, rebuilt in this realm
 */
export function callDoor<T>(env: Env, op: string, ...args: unknown[]): T {
  const answer = env.door(op, ...args)
  const error = faultOf(answer)
  if (error !== undefined) throw error
  return answer as T
}

export function errorOf(fault: HostFault): Error {
  const error = outerError(constructors[fault.name] ?? Error, fault.message) as Error & NodeObject
  const code = fault.props.find(([key]) => key === 'code')?.[1]
  if (fault.isNodeError && code !== undefined) {
    // As Node's own errors: the code shows in the stack's first line only.
    error.stack = String(error.stack).replace(error.name, `${error.name} [${String(code)}]`)
  }
  for (const [key, value] of fault.props) error[key] = value
  return error
}

const ownFrame = /^ +at .*assay:isolate:\d+:\d+\)?$/

/** An error whose stack starts in Node's library, where a real binding would have thrown it. */
export function outerError(Constructor: ErrorConstructor, message: string): Error {
  const limit = Error.stackTraceLimit
  if (typeof limit !== 'number') return new Constructor(message)
  Error.stackTraceLimit = limit + 10
  const error = new Constructor(message)
  Error.stackTraceLimit = limit
  const lines = String(error.stack).split('\n')
  const first = lines.findIndex((line) => /^ +at /.test(line))
  const head = lines.slice(0, first)
  const frames = lines.slice(first).filter((line) => !ownFrame.test(line))
  if (first >= 0) error.stack = [...head, ...frames.slice(0, limit)].join('\n')
  return error
}

/** Bytes of a view or buffer, copied when the view is only a part: the door would copy the whole buffer under it. */
export function exactBytes(value: ArrayBufferView | ArrayBuffer): Uint8Array {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value)
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
}

/** `exactBytes`, passing through what is neither a view nor a buffer (null, undefined, strings). */
export function doorBytes(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return exactBytes(value)
  if (value instanceof ArrayBuffer) return exactBytes(value)
  return value
}

let FastBuffer:
  | (new (
      buffer: ArrayBufferLike,
      offset: number,
      length: number,
    ) => Uint8Array)
  | undefined

/** The same bytes as a `Buffer`. */
export function toBuffer(env: Env, bytes: Uint8Array): Uint8Array {
  FastBuffer ??= env.requireBuiltin('internal/buffer').FastBuffer as typeof FastBuffer
  return new (FastBuffer as NonNullable<typeof FastBuffer>)(
    bytes.buffer,
    bytes.byteOffset,
    bytes.byteLength,
  )
}

/** The same bytes as an `ArrayBuffer` of their own. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return exactBytes(bytes).buffer as ArrayBuffer
}
