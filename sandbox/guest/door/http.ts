import type { NodeFacts } from '../../runtime/facts.ts'
import type { DoorHost, DoorOps } from './door.ts'

const cache = new WeakMap<NodeFacts, Uint8Array>()

/** The HTTP parser that Node ships: llhttp as WebAssembly, inside the source text of its fetch. */
export function httpOps(host: DoorHost): DoorOps {
  return {
    'http.llhttp'() {
      let bytes = cache.get(host.facts)
      if (bytes === undefined) {
        bytes = withRoomInTable(
          extractLlhttp(host.facts.source('internal/deps/undici/undici') ?? ''),
        )
        cache.set(host.facts, bytes)
      }
      return bytes
    },
  }
}

/** The first base64 WebAssembly binary of the text. There are two, without and with SIMD; both parse the same. */
function extractLlhttp(source: string): Uint8Array {
  const base64 = /"(AGFzbQ[A-Za-z0-9+/=]{1000,})"/.exec(source)?.[1]
  if (base64 === undefined) throw new Error('this Node carries no llhttp')
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

const tableSection = 4

/** The same module with a higher maximum of its function table, so that it takes callbacks beyond its own. */
function withRoomInTable(wasm: Uint8Array): Uint8Array {
  const bytes = wasm.slice()
  let at = 8
  const readNumber = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0
      value |= (byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const id = bytes[at++]
    const end = readNumber() + at
    if (id === tableSection) {
      readNumber() // number of tables
      at += 1 // element type
      const hasMaximum = bytes[at++] === 1
      readNumber() // minimum
      const isOneByte = (bytes[at] ?? 255) < 128
      if (!hasMaximum || !isOneByte) throw new Error('llhttp has a table of another shape')
      bytes[at] = 127
      return bytes
    }
    at = end
  }
  throw new Error('llhttp has no function table')
}
