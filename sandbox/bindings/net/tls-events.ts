import type { Env } from '../../isolate/env.ts'
import { errorOf, type HostFault, toBuffer } from '../door-call.ts'

/** What Node's library is called with for an event of a TLS connection; undefined for one it has no callback for. */
export function tlsEventArguments(
  env: Env,
  kind: string,
  value: unknown,
  extra: unknown,
): { name: string; args: unknown[] } | undefined {
  const buffer = (bytes: unknown) =>
    bytes instanceof Uint8Array ? toBuffer(env, bytes) : (bytes ?? null)
  switch (kind) {
    case 'error':
      return { name: 'onerror', args: [errorOf(value as HostFault)] }
    case 'handshakestart':
      return { name: 'onhandshakestart', args: [env.clock.loopNowMs()] }
    case 'handshakedone':
      return { name: 'onhandshakedone', args: [] }
    case 'clienthello': {
      const hello = value as { sessionId: Uint8Array; tlsTicket: boolean }
      return { name: 'onclienthello', args: [{ ...hello, sessionId: buffer(hello.sessionId) }] }
    }
    case 'certificate':
      return { name: 'oncertcb', args: [value] }
    case 'newsession':
      return { name: 'onnewsession', args: [buffer(value), buffer(extra)] }
    case 'keylog':
      return { name: 'onkeylog', args: [buffer(value)] }
    case 'ocspresponse':
      return { name: 'onocspresponse', args: [buffer(value)] }
    case 'alpn':
      return { name: 'ALPNCallback', args: [buffer(value)] }
    default:
      return undefined
  }
}
