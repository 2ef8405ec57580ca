import { unavailableError } from '../../isolate/compose-binding.ts'
import type { NodeFunction, NodeObject } from '../../isolate/env.ts'
import type { CryptoContext } from './context.ts'
import { secretBytes } from './hash.ts'
import type { KeyClasses, KeyHandle } from './key-handle.ts'

/** X.509 certificates: every field is read once, when the certificate is parsed. */
export function x509Binding(crypto: CryptoContext, keys: KeyClasses): NodeObject {
  const { call, remotes, buffer, constants } = crypto

  class NativeX509Certificate {
    #id: number
    #fields: NodeObject

    constructor(source: unknown) {
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
      return undefined
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
      throw unavailableError('X509Certificate.toLegacyObject')
    }
  }

  return {
    certVerifySpkac: (spkac: unknown) => call('spkac.verify', secretBytes(spkac)),
    certExportPublicKey: (spkac: unknown) => buffer(call('spkac.publicKey', secretBytes(spkac))),
    certExportChallenge: (spkac: unknown) => buffer(call('spkac.challenge', secretBytes(spkac))),
    createX509CertificateClass: (create: NodeFunction) => create(NativeX509Certificate),
    isX509Certificate: NativeX509Certificate.has,
  }
}
