import type { BindingFactory, Env, NodeFunction } from '../isolate/env.ts'
import { createTextCodec } from './text-codec.ts'
import { encodeUtf8Into, isValidUtf8 } from './utf8.ts'

const { captureStackTrace } = Error
/** @throws TypeError for what holds no bytes, cut at the binding function `caller` */
export function checkBytes(
  env: Env,
  input: unknown,
  name: string,
  caller: (...args: never[]) => unknown,
): void {
  const { isAnyArrayBuffer } = env.internalBinding('types') as Record<string, NodeFunction>
  if (ArrayBuffer.isView(input) || isAnyArrayBuffer?.(input) === true) return
  const message = `The "${name}" argument must be an instance of SharedArrayBuffer, ArrayBuffer or ArrayBufferView.`
  const error = Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' })
  captureStackTrace(error, caller)
  throw error
}

/** UTF-8 for `TextEncoder` and `TextDecoder`, and host names for `url.domainTo*`. */
export const encodingBinding: BindingFactory = (env) => {
  const codec = createTextCodec(env)
  const encodeIntoResults = new Uint32Array(2)
  return {
    encodeIntoResults,
    encodeUtf8String: (text: string) => codec.encode('utf8', text),
    encodeInto(text: string, target: Uint8Array) {
      const { read, written } = encodeUtf8Into(text, target, 0, target.length)
      encodeIntoResults[0] = read
      encodeIntoResults[1] = written
    },
    decodeUTF8: function decodeUTF8(
      input: ArrayBufferView | ArrayBuffer,
      isIgnoringBom: boolean,
      isFatal: boolean,
    ) {
      checkBytes(env, input, 'list', decodeUTF8)
      const bytes = ArrayBuffer.isView(input)
        ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
        : new Uint8Array(input)
      if (isFatal && !isValidUtf8(bytes)) {
        throw Object.assign(new TypeError('The encoded data was not valid for encoding utf-8'), {
          code: 'ERR_ENCODING_INVALID_ENCODED_DATA',
        })
      }
      const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
      return codec.decode('utf8', bytes, hasBom && !isIgnoringBom ? 3 : 0, bytes.length)
    },
    toASCII: (text: string) => env.door('idna.toAscii', text),
    toUnicode: (text: string) => env.door('idna.toUnicode', text),
  }
}
