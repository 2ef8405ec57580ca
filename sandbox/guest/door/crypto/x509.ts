import * as crypto from 'node:crypto'
import { bytes, integer, text } from '../arguments.ts'
import type { DoorOps } from '../door.ts'
import { defined } from './hash.ts'
import { privateKeyOf, publicKeyOf } from './key-input.ts'
import { type CryptoObjects, selectObject } from './objects.ts'

/** OpenSSL's `X509_CHECK_FLAG_*` as options of Node's public API. */
function checkOptions(flags: number): crypto.X509CheckOptions {
  return {
    subject: (flags & 0x1) !== 0 ? 'always' : (flags & 0x20) !== 0 ? 'never' : 'default',
    wildcards: (flags & 0x2) === 0,
    partialWildcards: (flags & 0x4) === 0,
    multiLabelWildcards: (flags & 0x8) !== 0,
    singleLabelSubdomains: (flags & 0x10) !== 0,
  }
}

/** X.509 certificates. */
export function x509Ops(objects: CryptoObjects): DoorOps {
  const select = (id: unknown) =>
    selectObject<crypto.X509Certificate>(objects, id, 'fingerprint256', 'checkIssued')
  return {
    'x509.parse'(source: unknown) {
      const certificate = new crypto.X509Certificate(bytes(source))
      const extra = certificate as unknown as Record<string, unknown>
      const fields = defined({
        subject: certificate.subject,
        subjectAltName: certificate.subjectAltName,
        issuer: certificate.issuer,
        infoAccess: certificate.infoAccess,
        validFrom: certificate.validFrom,
        validTo: certificate.validTo,
        validFromMs: certificate.validFromDate.getTime(),
        validToMs: certificate.validToDate.getTime(),
        fingerprint: certificate.fingerprint,
        fingerprint256: certificate.fingerprint256,
        fingerprint512: certificate.fingerprint512,
        keyUsage: certificate.keyUsage,
        serialNumber: certificate.serialNumber,
        signatureAlgorithm: extra.signatureAlgorithm,
        signatureAlgorithmOid: extra.signatureAlgorithmOid,
        raw: certificate.raw,
        pem: certificate.toString(),
        ca: certificate.ca,
      })
      return { id: objects.add(certificate), fields }
    },
    'x509.toLegacy': (id: unknown) => ({ ...select(id).toLegacyObject() }),
    'spkac.verify': (spkac: unknown) => crypto.Certificate.verifySpkac(bytes(spkac)),
    'spkac.publicKey': (spkac: unknown) => crypto.Certificate.exportPublicKey(bytes(spkac)),
    'spkac.challenge': (spkac: unknown) => crypto.Certificate.exportChallenge(bytes(spkac)),
    'x509.publicKey': (id: unknown) => objects.add(select(id).publicKey),
    'x509.check'(id: unknown, method: unknown, value: unknown, flags: unknown) {
      const options = checkOptions(integer(flags, 0, 0xff))
      const name = text(value)
      switch (method) {
        case 'checkHost':
          return select(id).checkHost(name, options)
        case 'checkEmail':
          return select(id).checkEmail(name, options)
        case 'checkIP':
          return select(id).checkIP(name)
        default:
          throw new TypeError('unknown check')
      }
    },
    'x509.checkIssued': (id: unknown, other: unknown) => select(id).checkIssued(select(other)),
    'x509.checkPrivateKey': (id: unknown, key: unknown) =>
      select(id).checkPrivateKey(privateKeyOf(objects, key)),
    'x509.verify': (id: unknown, key: unknown) => select(id).verify(publicKeyOf(objects, key)),
  }
}
