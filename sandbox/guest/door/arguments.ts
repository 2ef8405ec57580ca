/** Checks of what a door operation was given. Each throws a `TypeError` that names nothing of the host. */

export function bytes(value: unknown): Buffer {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  throw new TypeError('expected bytes')
}

export function optionalBytes(value: unknown): Buffer | undefined {
  return value === undefined || value === null ? undefined : bytes(value)
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError('expected a string')
}

export function optionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : text(value)
}

/** An integer within `min..max`; never -0, which natively is no integer and fails assertions. */
export function integer(value: unknown, min: number, max: number): number {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) {
    return (value as number) + 0
  }
  throw new RangeError(`expected an integer within ${min}..${max}`)
}

export function optionalInteger(value: unknown, min: number, max: number): number | undefined {
  return value === undefined || value === null ? undefined : integer(value, min, max)
}

/** Bytes, or a string in a named encoding (UTF-8 if it names none that exists). */
export function data(value: unknown, encoding: unknown): Buffer {
  if (typeof value !== 'string') return bytes(value)
  const isEncoding = typeof encoding === 'string' && Buffer.isEncoding(encoding)
  return Buffer.from(value, isEncoding ? (encoding as BufferEncoding) : 'utf8')
}

export function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new TypeError('expected an object')
}
