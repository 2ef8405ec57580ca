import * as crypto from 'node:crypto'
import { getCiphers as getTlsCiphers } from 'node:tls'
import {
  bytes,
  data,
  integer,
  optionalBytes,
  optionalInteger,
  optionalText,
  record,
  text,
} from '../arguments.ts'
import type { DoorOps } from '../door.ts'
import { defined } from './hash.ts'
import { privateKeyOf, publicKeyOf } from './key-input.ts'
import { type CryptoObjects, selectObject } from './objects.ts'

const maxInt = 2 ** 31 - 1

const names: Record<string, () => string[]> = {
  ciphers: crypto.getCiphers,
  hashes: crypto.getHashes,
  curves: crypto.getCurves,
  macs: (crypto as unknown as { getMacs(): string[] }).getMacs,
  tlsCiphers: getTlsCiphers,
}

type RsaFunction = (key: crypto.RsaPrivateKey, input: Uint8Array) => Buffer
const rsaFunctions: Record<string, { apply: RsaFunction; isPrivate: boolean }> = {
  publicEncrypt: { apply: crypto.publicEncrypt as unknown as RsaFunction, isPrivate: false },
  publicDecrypt: { apply: crypto.publicDecrypt as unknown as RsaFunction, isPrivate: false },
  privateEncrypt: { apply: crypto.privateEncrypt as unknown as RsaFunction, isPrivate: true },
  privateDecrypt: { apply: crypto.privateDecrypt as unknown as RsaFunction, isPrivate: true },
}

/** The tag that an authenticated cipher made; undefined for any other. */
function authTagOf(cipher: crypto.CipherGCM): Buffer | undefined {
  try {
    return cipher.getAuthTag?.()
  } catch {
    return undefined
  }
}

/** Symmetric ciphers and RSA encryption. */
export function cipherOps(objects: CryptoObjects): DoorOps {
  const cipherOf = (id: unknown) =>
    selectObject<crypto.CipherGCM & crypto.DecipherGCM>(objects, id, 'update', 'final', 'setAAD')
  return {
    'cipher.create'(
      isEncrypting: unknown,
      cipher: unknown,
      key: unknown,
      iv: unknown,
      options: unknown,
    ) {
      const create = isEncrypting === true ? crypto.createCipheriv : crypto.createDecipheriv
      const given = record(options)
      const checked = defined({
        authTagLength: optionalInteger(given.authTagLength, 0, maxInt),
        ctsMode: optionalText(given.ctsMode),
        xtsStandard: optionalText(given.xtsStandard),
      })
      return objects.add(
        create(text(cipher), bytes(key), optionalBytes(iv) ?? null, checked as never),
      )
    },
    'cipher.update': (id: unknown, input: unknown, encoding: unknown) =>
      cipherOf(id).update(data(input, encoding)),
    'cipher.final'(id: unknown) {
      const cipher = cipherOf(id)
      const output = cipher.final()
      return { output, tag: authTagOf(cipher) }
    },
    'cipher.setAutoPadding'(id: unknown, isPadding: unknown) {
      cipherOf(id).setAutoPadding(isPadding === true)
      return true
    },
    'cipher.setAuthTag'(id: unknown, tag: unknown) {
      selectObject<crypto.DecipherGCM>(objects, id, 'setAuthTag').setAuthTag(bytes(tag))
      return true
    },
    'cipher.setAAD'(id: unknown, input: unknown, plaintextLength: unknown) {
      const length = integer(plaintextLength, -1, maxInt)
      cipherOf(id).setAAD(bytes(input), length < 0 ? undefined : { plaintextLength: length })
      return true
    },
    'cipher.info'(name: unknown, options: unknown) {
      const given = record(options)
      const checked = defined({
        keyLength: optionalInteger(given.keyLength, 0, maxInt),
        ivLength: optionalInteger(given.ivLength, 0, maxInt),
      })
      const id = typeof name === 'number' ? integer(name, 1, maxInt) : text(name)
      return crypto.getCipherInfo(id as string, checked)
    },
    'rsa.apply'(op: unknown, key: unknown, input: unknown, options: unknown) {
      const rsa = rsaFunctions[text(op)]
      if (rsa === undefined) throw new TypeError('unknown function')
      const given = record(options)
      const checked = defined({
        padding: optionalInteger(given.padding, 0, maxInt),
        oaepHash: optionalText(given.oaepHash),
        oaepLabel: optionalBytes(given.oaepLabel),
        mgf1Hash: optionalText(given.mgf1Hash),
      })
      const keyObject = rsa.isPrivate ? privateKeyOf(objects, key) : publicKeyOf(objects, key)
      return rsa.apply({ key: keyObject, ...checked }, bytes(input))
    },
    names: (list: unknown) => names[text(list)]?.(),
  }
}
