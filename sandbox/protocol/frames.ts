/**
 * Frames between our own processes over a private socket: `u32 length | u32 jsonLength | json | bytes`. Byte arrays
 * inside a message travel after the JSON and are named there as `{ "$bytes": [offset, length] }`.
 *
 * The reading side treats the writer as hostile (a guest may have been taken over): lengths are bounded before anything
 * is allocated, references are checked against the frame, and shapes are checked by whoever uses the message.
 */

const maxFrameBytes = 96 * 1024 * 1024
const headBytes = 8

class FrameError extends Error {
  override name = 'FrameError'
}

export function encodeFrame(message: object): Uint8Array {
  const blobs: Uint8Array[] = []
  let size = 0
  const json = Buffer.from(
    JSON.stringify(message, function (this: Record<string, unknown>, key, value: unknown) {
      // As it stands in the message: `value` is what a Buffer's `toJSON` has made of it.
      const bytes = this[key]
      if (!(bytes instanceof Uint8Array)) return value
      const reference = { $bytes: [size, bytes.byteLength] }
      blobs.push(bytes)
      size += bytes.byteLength
      return reference
    }),
  )
  const frame = Buffer.allocUnsafe(headBytes + json.length + size)
  frame.writeUInt32LE(4 + json.length + size, 0)
  frame.writeUInt32LE(json.length, 4)
  json.copy(frame, headBytes)
  let at = headBytes + json.length
  for (const blob of blobs) {
    frame.set(blob, at)
    at += blob.byteLength
  }
  return frame
}

/** @throws {FrameError} for anything but one well-formed frame body (all after the first length). */
function decodeFrame(body: Uint8Array): unknown {
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (view.length < 4) throw new FrameError(`frame of ${view.length} bytes, expected at least 4`)
  const jsonLength = view.readUInt32LE(0)
  if (jsonLength > view.length - 4) {
    throw new FrameError(`frame announces ${jsonLength} JSON bytes, has ${view.length - 4}`)
  }
  const blobs = view.subarray(4 + jsonLength)
  // Every byte is named once: a frame that names some again and again would be copied into far more than it holds.
  let room = blobs.length
  const take = (reference: [number, number]) => {
    const bytes = slice(blobs, reference)
    room -= bytes.length
    if (room < 0) throw new FrameError('frame names more bytes than it has')
    return bytes
  }
  try {
    return JSON.parse(view.toString('utf8', 4, 4 + jsonLength), (_key, value: unknown) =>
      isReference(value) ? take(value.$bytes) : value,
    )
  } catch (error) {
    if (error instanceof FrameError) throw error
    throw new FrameError('frame JSON does not parse')
  }
}

function isReference(value: unknown): value is { $bytes: [number, number] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    Array.isArray((value as { $bytes?: unknown }).$bytes)
  )
}

function slice(blobs: Buffer, [offset, length]: [number, number]): Uint8Array {
  const isInside =
    Number.isInteger(offset) &&
    Number.isInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= blobs.length
  if (!isInside) throw new FrameError('frame names bytes outside itself')
  return Uint8Array.prototype.slice.call(blobs, offset, offset + length)
}

/** Cuts a byte stream into frames. Holds at most one unfinished frame. */
export class FrameReader {
  #chunks: Buffer[] = []
  #length = 0

  /**
   * @param chunk the next bytes; the caller may use their buffer again, so what is kept is copied
   * @returns the messages that are complete now, in order
   * @throws {FrameError} when the stream is not frames; the stream is then lost
   */
  push(chunk: Uint8Array): unknown[] {
    this.#chunks.push(Buffer.from(chunk))
    this.#length += chunk.byteLength
    const messages: unknown[] = []
    for (;;) {
      if (this.#length < 4) return messages
      const head = this.#peekHead()
      if (head > maxFrameBytes)
        throw new FrameError(`frame of ${head} bytes, limit ${maxFrameBytes}`)
      if (this.#length < 4 + head) return messages
      const all =
        this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
      messages.push(decodeFrame(all.subarray(4, 4 + head)))
      const rest = all.subarray(4 + head)
      this.#chunks = rest.length === 0 ? [] : [rest]
      this.#length = rest.length
    }
  }

  #peekHead(): number {
    if ((this.#chunks[0] as Buffer).length < 4) this.#chunks = [Buffer.concat(this.#chunks)]
    return (this.#chunks[0] as Buffer).readUInt32LE(0)
  }
}
