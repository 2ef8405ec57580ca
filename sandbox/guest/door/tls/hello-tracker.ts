/** What a client asks for, as far as Node's library wants to know before it goes on. */
export interface Hello {
  sessionId: Uint8Array
  servername: string
  hasTicket: boolean
  requestsOcsp: boolean
}

const handshakeRecord = 22
const clientHello = 1
/** OpenSSL itself refuses longer ones. */
const maxHelloBytes = 128 * 1024
const extensions = { servername: 0, statusRequest: 5, sessionTicket: 35 } as const
const ocsp = 1
const none: Hello = {
  sessionId: new Uint8Array(0),
  servername: '',
  hasTicket: false,
  requestsOcsp: false,
}

/**
 * Finds the client's hellos among the records that a server gets, to know when OpenSSL has one and stands still: the
 * binary says so only from its own event loop, and nothing runs that while a guest is served.
 */
export class HelloTracker {
  /** Hellos that came whole; more than one when the server asked again. */
  completed = 0
  last: Hello = none
  #records = Buffer.alloc(0)
  #message = Buffer.alloc(0)

  push(bytes: Uint8Array): void {
    if (this.#records.length + bytes.length > 2 * maxHelloBytes) return
    this.#records = Buffer.concat([this.#records, bytes])
    while (this.#records.length >= 5) {
      const length = this.#records.readUInt16BE(3)
      if (this.#records.length < 5 + length) return
      if (this.#records[0] === handshakeRecord) this.#take(this.#records.subarray(5, 5 + length))
      this.#records = this.#records.subarray(5 + length)
    }
  }

  #take(fragment: Buffer): void {
    if (this.#message.length + fragment.length > maxHelloBytes) return
    this.#message = Buffer.concat([this.#message, fragment])
    while (this.#message.length >= 4) {
      const end = 4 + this.#message.readUIntBE(1, 3)
      if (this.#message.length < end) return
      if (this.#message[0] === clientHello) {
        this.completed++
        this.last = readHello(this.#message.subarray(4, end)) ?? none
      }
      this.#message = this.#message.subarray(end)
    }
  }
}

/** Undefined for one that is malformed: OpenSSL ends that connection itself. */
function readHello(body: Buffer): Hello | undefined {
  try {
    let at = 2 + 32
    const sessionId = Uint8Array.from(body.subarray(at + 1, at + 1 + body.readUInt8(at)))
    at += 1 + sessionId.length
    at += 2 + body.readUInt16BE(at)
    at += 1 + body.readUInt8(at)
    const hello: Hello = { ...none, sessionId }
    if (at === body.length) return hello
    const end = at + 2 + body.readUInt16BE(at)
    for (at += 2; at < end; ) {
      const type = body.readUInt16BE(at)
      const length = body.readUInt16BE(at + 2)
      const value = body.subarray(at + 4, at + 4 + length)
      if (type === extensions.servername) {
        hello.servername = value.toString('latin1', 5, 5 + value.readUInt16BE(3))
      } else if (type === extensions.sessionTicket) hello.hasTicket = length > 0
      else if (type === extensions.statusRequest) hello.requestsOcsp = value[0] === ocsp
      at += 4 + length
    }
    return hello
  } catch {
    return undefined
  }
}
