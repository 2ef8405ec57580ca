import type { BindingFactory } from '../isolate/env.ts'
import { callDoor, exactBytes, toBuffer } from './door-call.ts'
import { checkBytes } from './encoding-binding.ts'
import { createRemotes } from './remote.ts'

/** Character set conversion and terminal widths, by the host's ICU. */
export const icu: BindingFactory = (env) => {
  const remotes = createRemotes(env, 'icu')
  const call = <T>(op: string, ...args: unknown[]) => callDoor<T>(env, `icu.${op}`, ...args)
  const ids = new WeakMap<object, number>()
  const bytesOf = (value: ArrayBufferView | ArrayBuffer) => exactBytes(value)

  /** What `TextDecoder` holds for an encoding other than UTF-8. */
  class Converter {}

  return {
    getStringWidth(text: string, isAmbiguousWide?: boolean, isEmojiSequence?: boolean) {
      return call('width', text, isAmbiguousWide === true, isEmojiSequence === true)
    },
    icuErrName: (code: number) => call('errorName', code),
    transcode(source: Uint8Array, from: string, to: string) {
      const made = call<Uint8Array | number>('transcode', bytesOf(source), from, to)
      return typeof made === 'number' ? made : toBuffer(env, made)
    },
    hasConverter: (name: string) => call('hasConverter', name),
    getConverter(name: string, flags: number) {
      const id = call<number | undefined>('converter', name, flags)
      if (id === undefined) return undefined
      const converter = new Converter()
      ids.set(converter, remotes.track(converter, id))
      return converter
    },
    decode: function decode(
      converter: object,
      input: ArrayBufferView | ArrayBuffer,
      flags: number,
      fromEncoding: string,
    ) {
      checkBytes(env, input, 'input', decode)
      return call('decode', ids.get(converter), bytesOf(input), flags, fromEncoding)
    },
  }
}
