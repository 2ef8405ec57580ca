import type { PortMessage } from '../isolate/port.ts'

/**
 * The network messages between a guest and its world. A connection has one id per side: ids that a guest gives are odd,
 * ids that the world gives are even. Bytes travel in `bytes`. Flow control: a sender may have `windowBytes`
 * (`sandbox/bindings/net/endpoint.ts`) under way that the other side has not acknowledged.
 */
export type GuestMessage =
  /** A port takes connections; `address` is what it is bound to. */
  | { kind: 'net-listen'; address: string; port: number }
  | { kind: 'net-unlisten'; address: string; port: number }
  /** Asks for a connection to an address that is not the guest's own, or to a loopback port it does not serve. */
  | { kind: 'net-connect'; id: number; address: string; port: number; localPort: number }
  | { kind: 'net-data'; id: number; bytes: Uint8Array }
  | { kind: 'net-end'; id: number }
  | { kind: 'net-ack'; id: number; count: number }
  | { kind: 'net-reset'; id: number }
  /** The socket is closed and its id forgotten; what comes for it later is answered by the world with a reset. */
  | { kind: 'net-close'; id: number }
  | { kind: 'dns'; id: number; name: string }

/** Errors that a connect can end with. */
export const connectErrors = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EMFILE',
] as const
export type ConnectError = (typeof connectErrors)[number]

export const dnsErrors = ['ENOTFOUND', 'EAI_AGAIN'] as const
export type DnsError = (typeof dnsErrors)[number]

export type WorldMessage =
  | {
      kind: 'net-accepted'
      id: number
      port: number
      remoteAddress: string
      remotePort: number
      localAddress: string
    }
  | { kind: 'net-connected'; id: number; localAddress: string }
  | { kind: 'net-connect-failed'; id: number; error: ConnectError }
  | { kind: 'net-data'; id: number; bytes: Uint8Array }
  | { kind: 'net-end'; id: number }
  | { kind: 'net-ack'; id: number; count: number }
  | { kind: 'net-reset'; id: number }
  | { kind: 'dns-result'; id: number; addresses: string[]; error: DnsError | null }

/** Bounds of what a guest may send; more is a protocol fault. */
export const maxDataBytes = 256 * 1024
const maxNameLength = 255
const maxAddressLength = 64

/** True for the kinds that the network handles; other kinds belong to whoever observes the world's outputs. */
export function isNetworkKind(kind: string): boolean {
  return kind === 'dns' || kind.startsWith('net-')
}

/**
 * Checks one network message of a guest, which may be hostile: exact fields, types and bounds.
 * @returns the message, or a sentence naming the fault
 */
export function parseGuestMessage(message: PortMessage): GuestMessage | string {
  const { kind, id, port, address, localPort, name, count, bytes } = message
  switch (kind) {
    case 'net-listen':
    case 'net-unlisten':
      if (!isText(address, maxAddressLength) || !isPort(port)) break
      return { kind, address, port }
    case 'net-connect':
      if (!isGuestId(id) || !isText(address, maxAddressLength) || !isPort(port)) break
      if (!isPort(localPort)) break
      return { kind, id, address, port, localPort }
    case 'net-data':
      if (!isId(id) || !(bytes instanceof Uint8Array)) break
      if (bytes.length === 0 || bytes.length > maxDataBytes) break
      return { kind, id, bytes }
    case 'net-ack':
      if (!isId(id) || !Number.isInteger(count) || (count as number) < 1) break
      return { kind, id, count: count as number }
    case 'net-end':
    case 'net-reset':
    case 'net-close':
      if (!isId(id)) break
      return { kind, id }
    case 'dns':
      if (!isGuestId(id) || !isText(name, maxNameLength)) break
      return { kind, id, name }
  }
  return `malformed ${String(kind).slice(0, 40)} message`
}

const isId = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0
const isGuestId = (value: unknown): value is number => isId(value) && value % 2 === 1
const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535
const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength
