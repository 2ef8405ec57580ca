import { remoteLimits } from '../../../isolate/remote-limits.ts'
import { bytes, integer, optionalBytes, optionalText, text } from '../arguments.ts'
import type { DoorOps } from '../door.ts'
import { createObjectTable, type ObjectTable } from '../object-table.ts'
import { type NativeContext, nativeTls } from './native.ts'

/** A context that a guest holds, and how many live connections still use it. */
export interface Context {
  native: NativeContext
  isInitialized: boolean
  isReleased: boolean
  users: number
}

export interface Contexts {
  ops: DoorOps
  /** The context of an id, ready for a connection. */
  select(id: unknown): Context
  use(context: Context): void
  leave(context: Context): void
}

const pem = (value: unknown) => (typeof value === 'string' ? value : bytes(value))
const maxOptions = 2 ** 53 - 1

/**
 * What may be called on a context and how its arguments are checked: the binary aborts on some wrong ones. Absent for a
 * reason: engines, which load host libraries.
 */
const methods: Record<string, (...args: unknown[]) => unknown[]> = {
  setKey: (key, passphrase) => [pem(key), optionalText(passphrase)],
  setCert: (cert) => [pem(cert)],
  addCACert: (cert) => [pem(cert)],
  addCRL: (crl) => [pem(crl)],
  addRootCerts: () => [],
  setAllowPartialTrustChain: () => [],
  setCipherSuites: (suites) => [text(suites)],
  setCiphers: (ciphers) => [text(ciphers)],
  setSigalgs: (algorithms) => [text(algorithms)],
  setECDHCurve: (curve) => [text(curve)],
  setDHParam: (params) => [params === true ? true : pem(params)],
  setMaxProto: (version) => [integer(version, 0, 0xffff)],
  setMinProto: (version) => [integer(version, 0, 0xffff)],
  getMaxProto: () => [],
  getMinProto: () => [],
  setOptions: (options) => [integer(options, -maxOptions, maxOptions)],
  setSessionIdContext: (id) => [text(id)],
  setSessionTimeout: (seconds) => [integer(seconds, 0, 2 ** 31 - 1)],
  setCertificateCompression: (packed) => [integer(packed, 0, 2 ** 32 - 1)],
  loadPKCS12: (pfx, passphrase) =>
    [bytes(pfx), optionalBytes(passphrase)].filter((arg) => arg !== undefined),
  setTicketKeys: (keys) => [ticketKeys(keys)],
  getTicketKeys: () => [],
  getCertificate: () => [],
  getIssuer: () => [],
}

function ticketKeys(keys: unknown): Uint8Array {
  const given = bytes(keys)
  if (given.length !== 48) throw new TypeError('Ticket keys length must be 48 bytes')
  return given
}

/** `tlsContext.*`: OpenSSL contexts of one guest, by opaque id. */
export function tlsContexts(): Contexts {
  const contexts: ObjectTable<Context> = createObjectTable<Context>(
    'TLS contexts',
    remoteLimits.tlsContext,
    (context) => {
      context.isReleased = true
      freeUnused(context)
    },
  )
  const select = (id: unknown) => {
    const context = contexts.select(id)
    if (!context.isInitialized) throw new TypeError('context is not initialized')
    return context
  }
  return {
    select,
    use(context) {
      context.users++
    },
    leave(context) {
      context.users--
      freeUnused(context)
    },
    ops: {
      'tlsContext.create': () =>
        contexts.add({
          native: new (nativeTls().Context)(),
          isInitialized: false,
          isReleased: false,
          users: 0,
        }),
      'tlsContext.init'(id: unknown, protocol: unknown, min: unknown, max: unknown) {
        const context = contexts.select(id)
        if (context.isInitialized) throw new TypeError('context is already initialized')
        const [least, most] = [integer(min, 0, 0xffff), integer(max, 0, 0xffff)]
        context.native.init(optionalText(protocol), least, most)
        context.isInitialized = true
      },
      'tlsContext.call'(id: unknown, method: unknown, ...args: unknown[]) {
        const check = Object.hasOwn(methods, text(method)) ? methods[text(method)] : undefined
        if (check === undefined) throw new TypeError('unknown method')
        return select(id).native[text(method)]?.(...(check(...args) as never[]))
      },
      'tlsContext.release': (ids: unknown) => contexts.release(ids),
    },
  }
}

/** Frees at once what no connection uses: our own collector does not see how large a context is. */
function freeUnused(context: Context): void {
  if (context.isReleased && context.users === 0) context.native.close()
}
