import { remoteLimits } from '../../isolate/remote-limits.ts'
import { bytes, integer, text } from './arguments.ts'
import type { DoorOps } from './door.ts'
import { guarded } from './guarded.ts'
import { nativeBinding } from './native-binding.ts'
import { createObjectTable } from './object-table.ts'

interface IcuBinding {
  getStringWidth(text: string, isAmbiguousWide: boolean, isEmojiSequence: boolean): number
  icuErrName(code: number): string
  transcode(source: Uint8Array, from: string, to: string): Buffer | number
  hasConverter(name: string): boolean
  getConverter(name: string, flags: number): object | undefined
  decode(converter: object, input: Uint8Array, flags: number, encoding: string): string
}

/** `icu.*`: character sets and widths, by the binary's own ICU. */
export function icuOps(): DoorOps {
  const icu = nativeBinding<IcuBinding>('icu')
  const converters = createObjectTable<object>('text decoders', remoteLimits.icu)
  return guarded({
    'icu.width': (value: unknown, isAmbiguousWide: unknown, isEmojiSequence: unknown) =>
      icu.getStringWidth(text(value), isAmbiguousWide === true, isEmojiSequence === true),
    'icu.errorName': (code: unknown) => icu.icuErrName(integer(code, -1000, 100_000)),
    'icu.transcode': (source: unknown, from: unknown, to: unknown) =>
      icu.transcode(bytes(source), text(from), text(to)),
    'icu.hasConverter': (name: unknown) => icu.hasConverter(text(name)),
    'icu.converter'(name: unknown, flags: unknown) {
      const converter = icu.getConverter(text(name), integer(flags, 0, 0xff))
      return converter === undefined ? undefined : converters.add(converter)
    },
    'icu.decode': (id: unknown, input: unknown, flags: unknown, encoding: unknown) =>
      icu.decode(converters.select(id), bytes(input), integer(flags, 0, 0xff), text(encoding)),
    'icu.release': (ids: unknown) => converters.release(ids),
  })
}
