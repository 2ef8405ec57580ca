import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { toBuffer } from '../door-call.ts'
import type { CryptoContext } from './context.ts'
import { secretBytes } from './hash.ts'
import type { KeyClasses, KeyHandle } from './key-handle.ts'

/** A certificate as the host describes it in plain data. */
export type LegacyFields = Record<string, unknown>

const chainReaders = new WeakMap<Env, (chain: Uint8Array[]) => object | undefined>()

/** The native object of the first of some certificates, each issued by the next one. */
export function certificateOfChain(env: Env, chain: Uint8Array[]): object | undefined {
  env.internalBinding('crypto')
  return chainReaders.get(env)?.(chain)
}

/** The object that Node describes a certificate with, made from the host's. */
export function legacyCertificate(env: Env, fields: LegacyFields): NodeObject {
  const certificate: NodeObject = {}
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array) certificate[key] = toBuffer(env, value)
    else if (isNames(value)) certificate[key] = Object.assign(Object.create(null), value)
    else certificate[key] = value
  }
  return certificate
}

function isNames(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** X.509 certificates: every field is read once, when the certificate is parsed. */
export function x509Binding(crypto: CryptoContext, keys: KeyClasses): NodeObject {
  const { call, remotes, buffer, constants } = crypto

  class NativeX509Certificate {
    #id: number
    #fields: NodeObject
    #issuer: NativeX509Certificate | undefined
    /** Keeps the host's certificate alive for a second object of it. */
    #original: NativeX509Certificate | undefined

    constructor(source: unknown) {
      if (NativeX509Certificate.has(source)) {
        this.#original = source as NativeX509Certificate
        this.#id = this.#original.#id
        this.#fields = this.#original.#fields
        this.#issuer = this.#original.#issuer
        return
      }
      const made = call<{ id: number; fields: NodeObject }>('x509.parse', secretBytes(source))
      this.#id = remotes.track(this, made.id)
      this.#fields = made.fields
    }

    static has(value: unknown): boolean {
      return typeof value === 'object' && value !== null && #id in value
    }
    subject() {
      return this.#fields.subject
    }
    subjectAltName() {
      return this.#fields.subjectAltName
    }
    issuer() {
      return this.#fields.issuer
    }
    infoAccess() {
      return this.#fields.infoAccess
    }
    validFrom() {
      return this.#fields.validFrom
    }
    validTo() {
      return this.#fields.validTo
    }
    validFromDate() {
      return new Date(this.#fields.validFromMs as number)
    }
    validToDate() {
      return new Date(this.#fields.validToMs as number)
    }
    fingerprint() {
      return this.#fields.fingerprint
    }
    fingerprint256() {
      return this.#fields.fingerprint256
    }
    fingerprint512() {
      return this.#fields.fingerprint512
    }
    keyUsage() {
      return this.#fields.keyUsage
    }
    serialNumber() {
      return this.#fields.serialNumber
    }
    signatureAlgorithm() {
      return this.#fields.signatureAlgorithm
    }
    signatureAlgorithmOid() {
      return this.#fields.signatureAlgorithmOid
    }
    raw() {
      return buffer((this.#fields.raw as Uint8Array).slice())
    }
    pem() {
      return this.#fields.pem
    }
    checkCA() {
      return this.#fields.ca
    }
    getIssuerCert() {
      return this.#issuer
    }
    publicKey() {
      return keys.adopt(constants.kKeyTypePublic as number, call('x509.publicKey', this.#id))
    }
    checkHost(name: string, flags: number) {
      return call('x509.check', this.#id, 'checkHost', name, flags)
    }
    checkEmail(email: string, flags: number) {
      return call('x509.check', this.#id, 'checkEmail', email, flags)
    }
    checkIP(ip: string, flags: number) {
      return call('x509.check', this.#id, 'checkIP', ip, flags)
    }
    checkIssued(other: NativeX509Certificate) {
      return call('x509.checkIssued', this.#id, other.#id)
    }
    checkPrivateKey(key: KeyHandle) {
      return call('x509.checkPrivateKey', this.#id, key.spec())
    }
    verify(key: KeyHandle) {
      return call('x509.verify', this.#id, key.spec())
    }
    toLegacy() {
      return legacyCertificate(crypto.env, call('x509.toLegacy', this.#id))
    }

    static {
      chainReaders.set(crypto.env, (chain) => {
        let certificate: NativeX509Certificate | undefined
        for (const der of chain.toReversed()) {
          const issuer: NativeX509Certificate | undefined = certificate
          certificate = new NativeX509Certificate(der)
          certificate.#issuer = issuer
        }
        return certificate
      })
    }
  }

  /** What cannot be read is an empty string, no empty Buffer. */
  const orEmpty = (bytes: unknown) => (typeof bytes === 'string' ? '' : buffer(bytes as Uint8Array))

  return {
    certVerifySpkac: (spkac: unknown) => call('spkac.verify', secretBytes(spkac)),
    certExportPublicKey: (spkac: unknown) => orEmpty(call('spkac.publicKey', secretBytes(spkac))),
    certExportChallenge: (spkac: unknown) => orEmpty(call('spkac.challenge', secretBytes(spkac))),
    createX509CertificateClass: (create: NodeFunction) => create(NativeX509Certificate),
    isX509Certificate: NativeX509Certificate.has,
  }
}
