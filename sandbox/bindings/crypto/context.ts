import type { Env, NodeObject } from '../../isolate/env.ts'
import { callDoor, doorBytes, toBuffer } from '../door-call.ts'
import { createRemotes, type Remotes } from '../remote.ts'
import { createTextCodec, encodingNameOf } from '../text-codec.ts'

/** What the parts of the crypto binding share. */
export interface CryptoContext {
  env: Env
  /** Integer constants of the real binding (`kKeyTypeSecret`, `kCryptoJobSync`, ...). */
  constants: Record<string, number>
  remotes: Remotes
  /** Door operation `crypto.<op>`; throws what it failed with. Views and buffers among `args` are copied. */
  call<T>(op: string, ...args: unknown[]): T
  buffer(bytes: Uint8Array): Uint8Array
  /** Text as bytes in a named encoding; UTF-8 for a name that is none. */
  decode(text: string, encoding: unknown): Uint8Array
  /** Bytes in an encoding, or a `Buffer` when it names none. */
  encode(bytes: Uint8Array, encoding: unknown): string | Uint8Array
  domException(message: string, options: NodeObject): Error
}

export function createCryptoContext(env: Env): CryptoContext {
  const { crypto } = env.facts.bindingConstants
  const codec = createTextCodec(env)
  return {
    env,
    constants: (crypto ?? {}) as Record<string, number>,
    remotes: createRemotes(env, 'crypto'),
    call: (op, ...args) => callDoor(env, `crypto.${op}`, ...args.map(doorBytes)),
    buffer: (bytes) => toBuffer(env, bytes),
    decode: (text, encoding) => codec.encode(encodingNameOf(encoding), text),
    encode(bytes, encoding) {
      if (!isStringEncoding(encoding)) return toBuffer(env, bytes)
      return codec.decode(encodingNameOf(encoding), bytes, 0, bytes.length)
    },
    domException(message, options) {
      const DOMException = env.perContext.DOMException as new (
        message: string,
        options: NodeObject,
      ) => Error
      return new DOMException(message, options)
    },
  }
}

const stringEncodings = new Set([
  'utf8',
  'utf-8',
  'hex',
  'base64',
  'base64url',
  'latin1',
  'binary',
  'ascii',
  'ucs2',
  'ucs-2',
  'utf16le',
  'utf-16le',
])

/** True for what Node's C++ `ParseEncoding` takes for a text encoding. */
export function isStringEncoding(encoding: unknown): encoding is string {
  return typeof encoding === 'string' && stringEncodings.has(encoding.toLowerCase())
}
