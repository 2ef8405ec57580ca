import { faultOf } from '../guarded.ts'
import { type NativeRequest, type NativeStream, type NativeTls, nativeTls } from './native.ts'

/** What an engine tells its guest. */
export type EventKind =
  /** Bytes for the other side; the answer is 0 or a negative errno. */
  | 'records'
  | 'shutdown'
  /** Clear text, or the end of it with a negative errno. */
  | 'read'
  | 'end'
  /** A write is done: status and error text. */
  | 'written'
  | 'error'
  | 'handshakestart'
  | 'handshakedone'
  | 'clienthello'
  | 'certificate'
  | 'servername'
  | 'newsession'
  | 'keylog'
  | 'ocspresponse'
  /** The protocols that a client offers; the answer is an offset among them. */
  | 'alpn'
  /** Asks for a pre-shared key. */
  | 'psk'

/** What the callbacks need of their engine. */
interface Listened {
  readonly tls: NativeTls
  readonly stream: NativeStream
  readonly isServer: boolean
  records: NativeRequest | undefined
  shutdownRequest: NativeRequest | undefined
  emit(kind: EventKind, value?: unknown, extra?: unknown): unknown
}

const noop = () => {}
const EPIPE = -32

/** Sets the callbacks of an engine. None of them ever throws: nothing would catch it. */
export function listen(engine: Listened): void {
  const { tls, stream } = engine
  stream.onread = noop
  stream.onreadstart = () => 0
  stream.onreadstop = () => 0
  stream.isClosing = () => false
  stream.onwrite = (request, chunks) => {
    const status = engine.emit('records', Buffer.concat(chunks))
    if (status !== 0) return typeof status === 'number' && status < 0 ? status : EPIPE
    engine.records = request
    return 0
  }
  stream.onshutdown = (request) => {
    const status = engine.emit('shutdown')
    if (status === 0) engine.shutdownRequest = request
    return typeof status === 'number' ? status : EPIPE
  }
  tls.onread = (buffer) => {
    const { streamState } = nativeTls()
    const [length = 0, offset = 0] = streamState
    if (length < 0) engine.emit('end', length)
    else if (buffer !== undefined) engine.emit('read', new Uint8Array(buffer, offset, length))
  }
  listenToHandshake(engine, tls)
}

function listenToHandshake(engine: Listened, tls: NativeTls): void {
  tls.onerror = (error: unknown) => engine.emit('error', tlsFault(error))
  tls.onhandshakestart = () => engine.emit('handshakestart')
  tls.onhandshakedone = () => engine.emit('handshakedone')
  // The binary calls these from its event loop, so only where one runs; `Engine` finds out by itself.
  tls.onclienthello = noop
  tls.oncertcb = noop
  tls.onnewsession = (id: unknown, session: unknown) => engine.emit('newsession', id, session)
  tls.onkeylog = (line: unknown) => engine.emit('keylog', line)
  tls.onocspresponse = (response: unknown) => engine.emit('ocspresponse', response)
  // OpenSSL reads the protocol at the offset it is given, so it must be the start of one.
  tls.ALPNCallback = (offered: Uint8Array) => {
    const protocols = Uint8Array.from(offered)
    const offset = engine.emit('alpn', protocols)
    return isProtocolAt(protocols, offset) ? offset : undefined
  }
  tls[nativeTls().pskSymbol] = (hint: unknown, ...limits: unknown[]) =>
    engine.isServer ? pskOf(engine.emit('psk', hint, limits)) : identityOf(engine, hint, limits)
  // The binary sets the name that a client asks for on whoever owns the engine, which is the engine itself here.
  Object.defineProperty(tls, 'servername', {
    set: (name: unknown) => engine.emit('servername', name),
  })
}

const pskOf = (answer: unknown) => (answer instanceof Uint8Array ? answer : undefined)

function identityOf(engine: Listened, hint: unknown, limits: unknown[]): unknown {
  const answer = engine.emit('psk', hint, limits)
  if (typeof answer !== 'object' || answer === null) return undefined
  const { psk, identity } = answer as { psk?: unknown; identity?: unknown }
  return psk instanceof Uint8Array && typeof identity === 'string' ? { psk, identity } : undefined
}

function isProtocolAt(protocols: Uint8Array, offset: unknown): boolean {
  for (let at = 0; at < protocols.length; at += 1 + (protocols[at] ?? 0)) {
    if (at === offset) return at + 1 + (protocols[at] ?? 0) <= protocols.length
  }
  return false
}

/** The text that OpenSSL's own errors bring, without the thread it names. */
export function withoutThread(message: string): string {
  return message.replace(/^[0-9A-F]{8,16}(?=:error:)/, (id) => '0'.repeat(id.length))
}

/** An error of OpenSSL's, without the thread it names. */
export function tlsFault(error: unknown): ReturnType<typeof faultOf> {
  const fault = faultOf(error)
  return { ...fault, message: withoutThread(fault.message) }
}
