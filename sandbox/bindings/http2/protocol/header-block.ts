import { category, errorCode, failure, frameType, isFatal } from './codes.ts'
import type { Connection } from './connection.ts'
import type { Frame } from './frames.ts'
import type { HeaderField } from './hpack-tables.ts'
import { invalidStream } from './violations.ts'

/** One header block, decoded as it arrives, over HEADERS or PUSH_PROMISE and the CONTINUATIONs after it. */
export class HeaderBlock {
  #connection: Connection
  #frame: Frame
  /** The stream that the fields are of. */
  #subject: number
  /** Decoded for the table's sake only. */
  isIgnored: boolean

  constructor(connection: Connection, frame: Frame, isIgnored: boolean) {
    this.#connection = connection
    this.#frame = frame
    this.#subject = frame.type === frameType.pushPromise ? frame.promisedId : frame.streamId
    this.isIgnored = isIgnored
  }

  /** Decodes further bytes: 0, or a fatal failure. */
  decode(bytes: Uint8Array, isFinal: boolean): number {
    const connection = this.#connection
    const { decoder } = connection
    decoder.push(bytes)
    for (;;) {
      const field = decoder.next()
      if (field === undefined || (field === null && isFinal && !decoder.finish())) {
        this.#onBroken()
        return 0
      }
      if (field === null) return 0
      if (this.isIgnored) continue
      const outcome = this.#onField(field)
      if (isFatal(outcome)) return outcome
      if (connection.ignoresInput) return 0
      if (outcome !== failure.temporalCallback) continue
      invalidStream(connection, this.#subject, undefined, failure.internal)
      this.isIgnored = true
    }
  }

  #onBroken(): void {
    const stream = this.#connection.streams.get(this.#subject)
    if (!this.isIgnored && stream !== undefined && stream.state !== 'closing') {
      this.#connection.submitReset(this.#subject, errorCode.compression, true)
    }
    this.#connection.terminate(errorCode.compression)
  }

  #onField(field: HeaderField): number {
    const connection = this.#connection
    const frame = this.#frame
    const isPromise = frame.type === frameType.pushPromise
    const stream = connection.streams.get(this.#subject)
    if (stream === undefined) return 0
    const outcome = stream.rules.onField(field, {
      isRequest: connection.isServer || isPromise,
      isTrailer:
        !isPromise &&
        frame.category === category.headers &&
        (connection.isServer || !stream.rules.expectsFinal),
      allowsProtocol: connection.isServer && connection.pendingConnectProtocol === 1,
    })
    if (outcome === 0) return connection.events.header(frame, field)
    if (outcome !== failure.httpHeader) return 0
    const told = invalidStream(connection, this.#subject, frame, failure.httpHeader)
    if (isFatal(told)) return told
    connection.noteGlitch()
    return failure.temporalCallback
  }
}
