import { remoteLimits } from '../../../isolate/remote-limits.ts'
import { bytes, integer, text } from '../arguments.ts'
import type { DoorHost, DoorOps } from '../door.ts'
import { guarded } from '../guarded.ts'
import { createObjectTable } from '../object-table.ts'
import { certificateOps, plainChain } from './certificates.ts'
import { tlsContexts } from './contexts.ts'
import { Engine } from './engine.ts'
import { type EventKind, tlsFault } from './engine-events.ts'

const maxKeyingMaterial = 1024 * 1024
const maxServerName = 255
/** Errno values that a transport may report. */
const leastErrno = -4095

type Method = (engine: Engine, ...args: unknown[]) => unknown

const call =
  (name: string): Method =>
  (engine, ...args) =>
    (engine.tls[name] as (...args: unknown[]) => unknown)(...args)

/** What only reads; it goes through whatever OpenSSL is doing. */
const questions: Record<string, Method> = {
  getServername: (engine) => call('getServername')(engine),
  getPeerCertificate: (engine, isDetailed) =>
    plainChain(call('getPeerCertificate')(engine, isDetailed === true)),
  getCertificate: (engine) => plainChain(call('getCertificate')(engine)),
  hasPeerCertificate: (engine) => call('hasPeerCertificate')(engine),
  getCipher: (engine) => call('getCipher')(engine),
  getEphemeralKeyInfo: (engine) => call('getEphemeralKeyInfo')(engine),
  getFinished: (engine) => call('getFinished')(engine),
  getPeerFinished: (engine) => call('getPeerFinished')(engine),
  getProtocol: (engine) => call('getProtocol')(engine),
  getSession: (engine) => call('getSession')(engine),
  getSharedSigalgs: (engine) => call('getSharedSigalgs')(engine),
  getTLSTicket: (engine) => call('getTLSTicket')(engine),
  isSessionReused: (engine) => call('isSessionReused')(engine),
  getALPNNegotiatedProtocol: (engine) => call('getALPNNegotiatedProtocol')(engine),
  writeQueueSize: (engine) => engine.tls.writeQueueSize,
  verifyError(engine) {
    const error = call('verifyError')(engine)
    return error === null || error === undefined ? null : { verifyError: tlsFault(error) }
  },
  exportKeyingMaterial: (engine, length, label, context) =>
    call('exportKeyingMaterial')(
      engine,
      integer(length, 0, maxKeyingMaterial),
      text(label),
      context === undefined || context === null ? undefined : bytes(context),
    ),
}

/** Settings that OpenSSL takes at any time: they are flags, or meant for the very event that is on the stack. */
const settings: Record<string, Method> = {
  setVerifyMode: (engine, isRequesting, isRejecting) =>
    call('setVerifyMode')(engine, isRequesting === true, isRejecting === true),
  setMaxSendFragment: (engine, size) =>
    call('setMaxSendFragment')(engine, integer(size, -(2 ** 31), 2 ** 31 - 1)),
  enableSessionCallbacks(engine) {
    call('enableSessionCallbacks')(engine)
    if (engine.isServer) engine.awaitsHello = true
  },
  enableKeylogCallback: (engine) => call('enableKeylogCallback')(engine),
  enableCertCb(engine) {
    call('enableCertCb')(engine)
    if (engine.isServer) engine.awaitsCertificate = true
  },
  loadSession: (engine, session) => call('loadSession')(engine, bytes(session)),
  setOCSPResponse: (engine, response) => call('setOCSPResponse')(engine, bytes(response)),
  requestOCSP: (engine) => call('requestOCSP')(engine),
  writesIssuedByPrevListenerDone: (engine) =>
    engine.defer(() => call('writesIssuedByPrevListenerDone')(engine)),
  clientHelloDone(engine) {
    if (!engine.isHelloPending) throw new TypeError('no hello waits')
    engine.isHelloPending = false
    engine.awaitsHello = false
    engine.defer(() => call('clientHelloDone')(engine))
  },
  newSessionDone: (engine) => engine.defer(() => call('newSessionDone')(engine)),
}

/** What changes a connection; refused while OpenSSL is on the stack. */
const changes: Record<string, Method> = {
  start(engine) {
    if (engine.isServer || engine.isStarted) throw new TypeError('not a client that can start')
    engine.isStarted = true
    call('start')(engine)
  },
  setServername(engine, name) {
    if (engine.isServer || engine.isStarted) throw new TypeError('not a client before its start')
    if (text(name).length > maxServerName) throw new RangeError('server name is too long')
    call('setServername')(engine, name)
  },
  setSession: (engine, session) => call('setSession')(engine, bytes(session)),
  setALPNProtocols: (engine, protocols) =>
    call('setALPNProtocols')(engine, protocolList(protocols)),
  enableALPNCb(engine) {
    if (!engine.isServer) throw new TypeError('not a server')
    call('enableALPNCb')(engine)
  },
  enablePskCallback: (engine) => call('enablePskCallback')(engine),
  setPskIdentityHint: (engine, hint) => call('setPskIdentityHint')(engine, text(hint)),
}

/** Length-prefixed names, none empty: OpenSSL refuses others and the binary then aborts. */
function protocolList(value: unknown): Uint8Array {
  const list = bytes(value)
  let at = 0
  while (at < list.length) {
    const length = list[at] ?? 0
    if (length === 0) throw new TypeError('malformed protocol list')
    at += 1 + length
  }
  if (at !== list.length) throw new TypeError('malformed protocol list')
  return list
}

function methodOf(table: Record<string, Method>, name: unknown): Method | undefined {
  return Object.hasOwn(table, text(name)) ? table[text(name)] : undefined
}

/**
 * `tls.*`: the binary's OpenSSL, driven synchronously. Nothing here has a socket or reads a file; records go to the guest
 * and come from it, which carries them over the virtual network.
 */
export function tlsOps(host: DoorHost): DoorOps {
  const contexts = tlsContexts()
  const engines = createObjectTable<Engine>('TLS connections', remoteLimits.tls, (engine) =>
    engine.destroy(),
  )
  const leave = (engine: Engine) => {
    contexts.leave(engine.context)
    if (engine.sniContext !== undefined) contexts.leave(engine.sniContext)
  }

  return guarded({
    ...contexts.ops,
    ...certificateOps(),
    'tls.create'(contextId: unknown, isServer: unknown, hasActiveWrite: unknown) {
      const context = contexts.select(contextId)
      let id = 0
      const emit = (kind: EventKind, value?: unknown, extra?: unknown) =>
        host.tellTls(id, kind, value, extra)
      const engine = new Engine(context, isServer === true, hasActiveWrite === true, emit)
      id = engines.add(engine)
      contexts.use(context)
      engine.onDestroyed = () => leave(engine)
      return id
    },
    'tls.receive'(id: unknown, records: unknown) {
      const engine = engines.select(id)
      const given = Uint8Array.from(bytes(records))
      engine.receive(given)
    },
    'tls.receiveEnd'(id: unknown) {
      const engine = engines.select(id)
      engine.defer(() => engine.stream.emitEOF())
    },
    'tls.write': (id: unknown, data: unknown) => engines.select(id).write(data),
    'tls.recordsWritten': (id: unknown, status: unknown) =>
      engines.select(id).finishRecords(integer(status, leastErrno, 0)),
    'tls.shutdown': (id: unknown) => engines.select(id).shutdown(),
    'tls.ask'(id: unknown, name: unknown, ...args: unknown[]) {
      const method = methodOf(questions, name)
      if (method === undefined) throw new TypeError('unknown method')
      return method(engines.select(id), ...args)
    },
    'tls.set'(id: unknown, name: unknown, ...args: unknown[]) {
      const engine = engines.select(id)
      const setting = methodOf(settings, name)
      if (setting !== undefined) return setting(engine, ...args)
      const change = methodOf(changes, name)
      if (change === undefined) throw new TypeError('unknown method')
      if (engine.isInsideOpenSsl) throw new TypeError('not inside a handshake event')
      return engine.enter(() => change(engine, ...args))
    },
    'tls.renegotiate'(id: unknown) {
      const engine = engines.select(id)
      if (engine.isInsideOpenSsl && engine.event !== 'handshakedone') {
        throw new TypeError('not inside a handshake event')
      }
      return engine.enter(() => call('renegotiate')(engine))
    },
    'tls.setKeyCert'(id: unknown, contextId: unknown) {
      const engine = engines.select(id)
      if (engine.isInsideOpenSsl && engine.event !== 'alpn')
        throw new TypeError('not inside this event')
      return call('setKeyCert')(engine, contexts.select(contextId).native)
    },
    /** `contextId` is null for the one it has; another value that is no context makes OpenSSL's own error. */
    'tls.certificateDone'(id: unknown, contextId: unknown) {
      const engine = engines.select(id)
      if (!engine.isCertificatePending) throw new TypeError('no certificate is asked for')
      const isNone = contextId === null || contextId === undefined
      const context = typeof contextId === 'number' ? contexts.select(contextId) : undefined
      engine.isCertificatePending = false
      engine.awaitsCertificate = false
      engine.defer(() => {
        if (context !== undefined) {
          if (engine.sniContext !== undefined) contexts.leave(engine.sniContext)
          contexts.use(context)
          engine.sniContext = context
        }
        engine.tls.sni_context = isNone ? undefined : (context?.native ?? {})
        call('certCbDone')(engine)
      })
    },
    'tls.release': (ids: unknown) => engines.release(ids),
  })
}
