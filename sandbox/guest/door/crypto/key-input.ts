import * as crypto from 'node:crypto'
import { bytes, optionalBytes, optionalText, record, text } from '../arguments.ts'
import { defined } from './hash.ts'
import { type CryptoObjects, selectObject } from './objects.ts'

const formats = ['pem', 'der', 'raw-public', 'raw-private', 'raw-seed']

/**
 * Key material of a spec, as `createPublicKey` and `createPrivateKey` take it. Never a path or a URL: those would make
 * OpenSSL read the host's files.
 */
function keyInput(spec: Record<string, unknown>): crypto.PublicKeyInput {
  const format = text(spec.format)
  if (format === 'jwk') {
    return { key: record(spec.jwk), format } as unknown as crypto.PublicKeyInput
  }
  if (!formats.includes(format)) throw new TypeError('unknown key format')
  return defined({
    key: bytes(spec.key),
    format,
    type: optionalText(spec.type),
    passphrase: optionalBytes(spec.passphrase),
    asymmetricKeyType: optionalText(spec.asymmetricKeyType),
    namedCurve: optionalText(spec.namedCurve),
  }) as unknown as crypto.PublicKeyInput
}

const heldKey = (objects: CryptoObjects, id: unknown) =>
  selectObject<crypto.KeyObject>(objects, id, 'asymmetricKeyType', 'export')

export function privateKeyOf(objects: CryptoObjects, spec: unknown): crypto.KeyObject {
  const given = record(spec)
  if (given.id !== undefined) return heldKey(objects, given.id)
  return crypto.createPrivateKey(keyInput(given) as crypto.PrivateKeyInput)
}

/** A public key, from public or private material or a certificate. */
export function publicKeyOf(objects: CryptoObjects, spec: unknown): crypto.KeyObject {
  const given = record(spec)
  if (given.id === undefined) return crypto.createPublicKey(keyInput(given))
  const key = heldKey(objects, given.id)
  return key.type === 'private' ? crypto.createPublicKey(key) : key
}

/** A held key as it is, public or private. */
export function selectKey(objects: CryptoObjects, id: unknown): crypto.KeyObject {
  return heldKey(objects, id)
}
