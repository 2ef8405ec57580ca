import { bytes, text } from './arguments.ts'
import type { DoorOps } from './door.ts'

const encodings = ['utf8', 'ucs2', 'latin1', 'ascii', 'hex', 'base64', 'base64url']

function encodingOf(value: unknown): BufferEncoding {
  if (typeof value === 'string' && encodings.includes(value)) return value as BufferEncoding
  throw new TypeError('unknown encoding')
}

/** Text against bytes for what is large enough to be worth a call. */
export function textOps(): DoorOps {
  return {
    'text.decode': (encoding: unknown, input: unknown) =>
      bytes(input).toString(encodingOf(encoding)),
    'text.encode': (encoding: unknown, input: unknown) =>
      new Uint8Array(Buffer.from(text(input), encodingOf(encoding))),
  }
}
