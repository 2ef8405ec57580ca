import { unavailableError } from '../../isolate/compose-binding.ts'
import type { BindingFactory, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { legacyChain } from '../crypto/peer-certificate.ts'
import { contextIdOf } from '../crypto/secure-context.ts'
import { certificateOfChain, type LegacyFields } from '../crypto/x509.ts'
import { callDoor, doorBytes, errorOf, type HostFault, toBuffer } from '../door-call.ts'
import { createRemotes } from '../remote.ts'
import { errno } from './errno.ts'
import { streamClassesOf } from './libuv-stream.ts'
import {
  addStreamMethods,
  completeRequest,
  type StreamDriver,
  type StreamListener,
  type StreamRequest,
  StreamState,
  setStreamState,
  streamStateOf,
  writeUnder,
} from './stream-base.ts'
import { tlsEventArguments } from './tls-events.ts'
import { wrapsOf } from './wrap.ts'

interface Chain {
  chain: LegacyFields[]
  isRoot: boolean
}

/** Methods that only pass on to the host's engine. */
const settings =
  'start setServername setSession setALPNProtocols enableALPNCb enablePskCallback setPskIdentityHint ' +
  'setVerifyMode setMaxSendFragment enableSessionCallbacks enableKeylogCallback enableCertCb ' +
  'setOCSPResponse requestOCSP writesIssuedByPrevListenerDone clientHelloDone newSessionDone'
const questions =
  'getServername hasPeerCertificate getCipher getEphemeralKeyInfo getFinished getPeerFinished getProtocol ' +
  'getSession getSharedSigalgs getTLSTicket isSessionReused getALPNNegotiatedProtocol exportKeyingMaterial'

/**
 * `tls_wrap`: a stream over another one. The host's OpenSSL turns clear text into records and back; which bytes travel
 * when, and every callback of Node's library, happens here, called from within the operation that causes it.
 */
export const tlsWrap: BindingFactory = (env) => {
  const { AsyncWrap, runInScope, frameOf } = wrapsOf(env)
  const { WriteWrap } = streamClassesOf(env)
  const remotes = createRemotes(env, 'tls')
  const live = new Map<number, WeakRef<TLSWrap>>()
  const symbols = {
    get owner() {
      const { owner_symbol: owner } = env.requireBuiltin('internal/async_hooks').symbols as {
        owner_symbol: symbol
      }
      return owner
    },
    psk: env.internalBinding('symbols').onpskexchange as symbol,
  }

  /** An operation of the host's; ends this entry too when the program has exited in a nested one. */
  const call = <T>(op: string, ...args: unknown[]): T => {
    const answer = callDoor<T>(env, op, ...args.map(doorBytes))
    const isEnded =
      typeof answer === 'object' && answer !== null && (answer as NodeObject).ended === true
    if (isEnded) env.intrinsics.terminate()
    return answer
  }

  class TLSWrap extends AsyncWrap {
    sni_context: unknown
    #id: number
    #state: StreamState
    #under: StreamState
    #underListener: StreamListener | undefined
    /** Kept alive as long as this connection is. */
    #contexts: object[]
    #write: StreamRequest | undefined
    #shutdown: StreamRequest | undefined
    #isEnded = false
    #isDestroyed = false
    #isTopLevel = false
    #thrown: { error: unknown } | undefined

    constructor(under: StreamState, context: object, isServer: boolean, hasActiveWrite: boolean) {
      super('TLSWRAP')
      this.#under = under
      this.#contexts = [context]
      const contextId = contextIdOf(context)
      this.#id = remotes.track(this, call('tls.create', contextId, isServer, hasActiveWrite))
      live.set(this.#id, new WeakRef(this))
      const driver: StreamDriver = {
        readStart: () => (this.#isEnded ? 0 : under.driver.readStart()),
        readStop: () => under.driver.readStop(),
        write: (request, bytes) => this.#writeClear(request, bytes),
        shutdown: (request) => this.#startShutdown(request),
      }
      this.#state = new StreamState(env, this, driver)
      setStreamState(this, this.#state)
      this.#underListener = under.listener
      under.listener = {
        onData: (bytes, isTopLevel) => this.#receive(bytes, isTopLevel),
        onEnd: (status, isTopLevel) => this.#receiveEnd(status, isTopLevel),
      }
    }

    receive(bytes: unknown): void {
      if (bytes instanceof Uint8Array) this.#receive(bytes, false)
    }

    loadSession(session: unknown): void {
      if (session instanceof Uint8Array) this.#run('tls.set', 'loadSession', session)
    }

    certCbDone(): void {
      const context = this.sni_context
      const id = contextIdOf(context)
      if (id !== undefined) this.#contexts.push(context as object)
      const isObject = typeof context === 'object' && context !== null
      this.#run('tls.certificateDone', id ?? (isObject ? 'invalid' : null))
    }

    setKeyCert(context: unknown): void {
      const id = contextIdOf(context)
      if (id === undefined) {
        throw new TypeError('Must give a SecureContext as first argument')
      }
      this.#contexts.push(context as object)
      this.#run('tls.setKeyCert', id)
    }

    renegotiate(): void {
      this.#run('tls.renegotiate')
    }

    enableTrace(): never {
      throw unavailableError('TLSSocket.enableTrace')
    }

    destroySSL(): void {
      if (this.#isDestroyed) return
      this.#isDestroyed = true
      remotes.release(this.#id)
      live.delete(this.#id)
      this.#under.listener = this.#underListener
      const request = this.#write
      this.#write = undefined
      if (request === undefined) return
      request.error = 'Canceled because of SSL destruction'
      completeRequest(env, request, errno.ECANCELED, this)
    }

    verifyError(): Error | null {
      const answer = this.#ask<{ verifyError: HostFault } | null>('verifyError')
      return answer ? errorOf(answer.verifyError) : null
    }

    getPeerCertificate(isDetailed?: unknown): unknown {
      return legacyChain(env, this.#ask<Chain | null>('getPeerCertificate', isDetailed === true))
    }

    getCertificate(): unknown {
      return legacyChain(env, this.#ask<Chain | null>('getCertificate'))
    }

    getPeerX509Certificate(): object | undefined {
      return this.#certificate('getPeerCertificate')
    }

    getX509Certificate(): object | undefined {
      return this.#certificate('getCertificate')
    }

    get writeQueueSize(): number {
      return this.#ask<number | undefined>('writeQueueSize') ?? 0
    }

    #certificate(question: string): object | undefined {
      const answer = this.#ask<Chain | null>(question, true)
      return answer
        ? certificateOfChain(
            env,
            answer.chain.map(({ raw }) => raw as Uint8Array),
          )
        : undefined
    }

    #ask<T>(question: string, ...args: unknown[]): T | undefined {
      return this.#isDestroyed ? undefined : call<T>('tls.ask', this.#id, question, ...args)
    }

    /** An operation that may call back; what a callback threw under a caller of the program's reaches that caller. */
    #run<T>(op: string, ...args: unknown[]): T | undefined {
      if (this.#isDestroyed) return undefined
      const answer = call<T>(op, this.#id, ...args)
      const thrown = this.#thrown
      this.#thrown = undefined
      if (thrown !== undefined) throw thrown.error
      return answer
    }

    #receive(bytes: Uint8Array, isTopLevel: boolean): void {
      this.#within(isTopLevel, () => this.#run('tls.receive', bytes))
    }

    #receiveEnd(status: number, isTopLevel: boolean): void {
      this.#within(isTopLevel, () => {
        if (status === errno.EOF) this.#run('tls.receiveEnd')
        else if (!this.#isEnded) this.#callBack(() => this.#state.emitEnd(status, false))
      })
    }

    #within(isTopLevel: boolean, task: () => void): void {
      const before = this.#isTopLevel
      this.#isTopLevel = isTopLevel
      try {
        task()
      } finally {
        this.#isTopLevel = before
      }
    }

    #writeClear(request: StreamRequest, bytes: Uint8Array): number {
      if (this.#isDestroyed) {
        request.error = 'Write after DestroySSL'
        return errno.EPROTO
      }
      this.#write = request
      const answer = this.#run<{ status: number; error?: string }>('tls.write', bytes)
      const status = answer?.status ?? errno.EPROTO
      if (status === 1) return 0
      this.#write = undefined
      if (answer?.error !== undefined) request.error = answer.error
      if (status === 0) completeRequest(env, request, 0, this)
      return status
    }

    #startShutdown(request: StreamRequest): number {
      if (this.#isDestroyed) return this.#under.driver.shutdown(request)
      this.#shutdown = request
      return this.#run<number>('tls.shutdown') ?? errno.ENOTCONN
    }

    #sendRecords(bytes: Uint8Array): number {
      return writeUnder(env, this.#under, bytes, new WriteWrap(), (status) => {
        if (!this.#isDestroyed) this.#run('tls.recordsWritten', status)
      })
    }

    /** Runs what calls the program back, as Node's `MakeCallback` would from here. */
    #callBack(task: () => unknown): unknown {
      const before = this.#isTopLevel
      this.#isTopLevel = false
      try {
        if (!before) return runInScope(this, task)
        const frame = env.contextFrame.get()
        let result: unknown
        env.makeCallback(() => {
          result = runInScope(this, task)
        }, frameOf(this))
        env.contextFrame.set(frame)
        return result
      } catch (error) {
        this.#thrown ??= { error }
        return undefined
      } finally {
        this.#isTopLevel = before
      }
    }

    #emitRead(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length && !this.#isDestroyed; ) {
        const end = Math.min(bytes.length, at + this.#state.readSize)
        const chunk = bytes.slice(at, end)
        this.#callBack(() => this.#state.emitData(chunk))
        at = end
      }
    }

    onEvent(kind: string, value: unknown, extra: unknown): unknown {
      switch (kind) {
        case 'records':
          return this.#sendRecords(value as Uint8Array)
        case 'shutdown': {
          const request = this.#shutdown
          this.#shutdown = undefined
          return request === undefined ? errno.ENOTCONN : this.#under.driver.shutdown(request)
        }
        case 'read':
          return this.#emitRead(value as Uint8Array)
        case 'end':
          if (value === errno.EOF) this.#isEnded = true
          return this.#callBack(() => this.#state.emitEnd(value as number))
        case 'written': {
          const request = this.#write
          this.#write = undefined
          if (request === undefined) return undefined
          if (typeof extra === 'string') request.error = extra
          return this.#callBack(() => completeRequest(env, request, value as number, this))
        }
        case 'servername': {
          const owner = (this as unknown as NodeObject)[symbols.owner] as NodeObject | undefined
          return Reflect.set(owner ?? this, 'servername', value)
        }
        case 'clienthello':
        case 'certificate':
          env.loop.queueImmediate(() => this.#callMethod(kind, value, extra))
          return undefined
        case 'psk':
          return this.#exchangePsk(value, extra as number[])
        default:
          return this.#callMethod(kind, value, extra)
      }
    }

    #callMethod(kind: string, value: unknown, extra: unknown): unknown {
      const call = tlsEventArguments(env, kind, value, extra)
      const callback = call && (this as unknown as NodeObject)[call.name]
      if (call === undefined || typeof callback !== 'function' || this.#isDestroyed)
        return undefined
      return this.#callBack(() => (callback as NodeFunction).apply(this, call.args))
    }

    #exchangePsk(hint: unknown, limits: number[]): unknown {
      const callback = (this as unknown as NodeObject)[symbols.psk]
      if (typeof callback !== 'function') return undefined
      const answer = this.#callBack(() => (callback as NodeFunction).call(this, hint, ...limits))
      if (ArrayBuffer.isView(answer)) return doorBytes(answer)
      if (typeof answer !== 'object' || answer === null) return undefined
      const { psk, identity } = answer as { psk?: unknown; identity?: unknown }
      return { psk: doorBytes(psk), identity }
    }

    static {
      const prototype = TLSWrap.prototype as unknown as NodeObject
      const define = (name: string, value: (this: TLSWrap, ...args: unknown[]) => unknown) =>
        Object.defineProperty(prototype, name, { configurable: true, writable: true, value })
      for (const name of settings.split(' ')) {
        define(name, function (...args) {
          return this.#run('tls.set', name, ...args)
        })
      }
      for (const name of questions.split(' ')) {
        define(name, function (...args) {
          const answer = this.#ask(name, ...args)
          return answer instanceof Uint8Array ? toBuffer(env, answer) : answer
        })
      }
    }
  }

  addStreamMethods(env, TLSWrap.prototype, () => new WriteWrap())
  // On the class it would be a method that programs see.
  const { onEvent } = TLSWrap.prototype
  Reflect.deleteProperty(TLSWrap.prototype, 'onEvent')
  env.onTlsEvent = (connection, kind, value, extra) => {
    const wrap = live.get(connection)?.deref()
    return wrap === undefined ? undefined : onEvent.call(wrap, kind, value, extra)
  }

  return {
    TLSWrap,
    HAVE_SSL_TRACE: 0,
    wrap(stream: object, context: object, isServer: boolean, hasActiveWrite: boolean) {
      const under = streamStateOf(stream)
      if (under === undefined) throw new TypeError('not a stream handle')
      return new TLSWrap(under, context, isServer, hasActiveWrite)
    },
  }
}
