const names =
  'Headers ChunkedLength KeepAlive TransferEncoding Version DataAfterClose OptionalLFAfterCR ' +
  'OptionalCRLFAfterChunk OptionalCRBeforeLF SpacesAfterChunkSize HeaderValueRelaxed'

/** llhttp's lenient bits under Node's names, in their order; the relaxed one is not among `kLenientAll`. */
export function lenientFlags(): Record<string, number> {
  const flags = names.split(' ').map((name, bit) => [`kLenient${name}`, 1 << bit] as const)
  return { kLenientNone: 0, ...Object.fromEntries(flags), kLenientAll: 1023 }
}

/**
 * The flags as the shipped WebAssembly knows them. Its llhttp is older than the relaxed bit; the older bit for headers
 * stands in, which differs only in accepting folded values.
 */
export function knownFlags(flags: number): number {
  const headers = 1
  const relaxed = 1 << 10
  return (flags & relaxed) === 0 ? flags : (flags & ~relaxed) | headers
}
