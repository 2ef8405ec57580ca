import * as crypto from 'node:crypto'
import { optionalBytes, optionalText, record, text } from '../arguments.ts'
import type { DoorOps } from '../door.ts'
import { defined } from './hash.ts'
import { privateKeyOf, publicKeyOf, selectKey } from './key-input.ts'
import type { CryptoObjects } from './objects.ts'

/** Asymmetric keys: parsing, facts, encoding. */
export function keyOps(objects: CryptoObjects): DoorOps {
  return {
    'key.createPublic': (spec: unknown) => objects.add(publicKeyOf(objects, spec)),
    'key.createPrivate': (spec: unknown) => objects.add(privateKeyOf(objects, spec)),
    'key.describe'(id: unknown) {
      const key = selectKey(objects, id)
      const { publicExponent, ...details } = { ...key.asymmetricKeyDetails }
      return {
        type: key.asymmetricKeyType,
        details:
          publicExponent === undefined
            ? details
            : {
                modulusLength: details.modulusLength,
                publicExponent: bigEndian(publicExponent),
                ...details,
              },
      }
    },
    'key.equals': (id: unknown, other: unknown) =>
      selectKey(objects, id).equals(selectKey(objects, other)),
    'key.export'(id: unknown, options: unknown) {
      const given = record(options)
      const key = selectKey(objects, id)
      const isPublicOfPrivate = given.format === 'raw-public' && key.type === 'private'
      return exportKey(isPublicOfPrivate ? crypto.createPublicKey(key) : key, given)
    },
  }
}

/** Output options as `KeyObject.export` and `generateKeyPair` take them. */
export function encodingOf(given: Record<string, unknown>): Record<string, unknown> {
  return defined({
    format: text(given.format),
    type: optionalText(given.type),
    cipher: optionalText(given.cipher),
    passphrase: optionalBytes(given.passphrase),
  })
}

function exportKey(key: crypto.KeyObject, given: Record<string, unknown>): unknown {
  return key.export(encodingOf(given) as never)
}

function bigEndian(value: bigint): Uint8Array {
  const hex = value.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
}
