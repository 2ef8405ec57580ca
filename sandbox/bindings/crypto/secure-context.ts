import { unavailableError } from '../../isolate/compose-binding.ts'
import type { Env, NodeObject } from '../../isolate/env.ts'
import { callDoor, doorBytes, toBuffer } from '../door-call.ts'
import { createRemotes } from '../remote.ts'
import { programCertificatesOf } from './certificates.ts'

export interface SecureContext {
  init(protocol: unknown, minVersion: unknown, maxVersion: unknown): void
  close(): void
}

export type SecureContextClass = new () => SecureContext

const known = new WeakMap<Env, SecureContextClass>()
const ids = new WeakMap<object, number>()

/** The host's id of a context; undefined for anything else. */
export function contextIdOf(value: unknown): number | undefined {
  return typeof value === 'object' && value !== null ? ids.get(value) : undefined
}

/** Node's `SecureContext`: an OpenSSL context of the host's, by opaque id. */
export function secureContextOf(env: Env): SecureContextClass {
  let SecureContext = known.get(env)
  if (SecureContext === undefined) {
    SecureContext = defineSecureContext(env)
    known.set(env, SecureContext)
  }
  return SecureContext
}

const setters =
  'setKey setCert addCACert setAllowPartialTrustChain addCRL setCipherSuites setCiphers setSigalgs ' +
  'setECDHCurve setDHParam setMaxProto setMinProto getMaxProto getMinProto setOptions ' +
  'setSessionIdContext setSessionTimeout setCertificateCompression loadPKCS12 setTicketKeys ' +
  'getTicketKeys getCertificate getIssuer'

function defineSecureContext(env: Env): SecureContextClass {
  const remotes = createRemotes(env, 'tlsContext')
  const idOf = (context: object) => {
    const id = ids.get(context)
    if (id === undefined) throw new TypeError('Illegal invocation')
    return id
  }
  const call = (context: object, method: string, args: unknown[]) => {
    const answer = callDoor(
      env,
      'tlsContext.call',
      idOf(context),
      method,
      ...args.map((arg) => doorBytes(arg)),
    )
    return answer instanceof Uint8Array ? toBuffer(env, answer) : answer
  }

  class SecureContext {
    constructor() {
      ids.set(this, remotes.track(this, callDoor<number>(env, 'tlsContext.create')))
    }

    init(protocol: unknown, minVersion: unknown, maxVersion: unknown): void {
      callDoor(env, 'tlsContext.init', idOf(this), protocol, minVersion, maxVersion)
    }

    addRootCerts(): void {
      const own = programCertificatesOf(env)
      if (own.replaced === undefined) call(this, 'addRootCerts', [])
      for (const certificate of own.replaced ?? own.extra()) call(this, 'addCACert', [certificate])
    }

    close(): void {
      const id = ids.get(this)
      if (id === undefined) return
      ids.delete(this)
      remotes.release(id)
    }

    setEngineKey(): never {
      throw unavailableError('OpenSSL engines')
    }

    setClientCertEngine(): never {
      throw unavailableError('OpenSSL engines')
    }

    enableTicketKeyCallback(): never {
      throw unavailableError('TLS ticket key callbacks')
    }
  }
  const prototype = SecureContext.prototype as unknown as NodeObject
  for (const method of setters.split(' ')) {
    Object.defineProperty(prototype, method, {
      configurable: true,
      writable: true,
      value(this: object, ...args: unknown[]) {
        return call(this, method, args)
      },
    })
  }
  return SecureContext
}
