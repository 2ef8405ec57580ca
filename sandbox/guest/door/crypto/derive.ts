import * as crypto from 'node:crypto'
import { bytes, integer, optionalBytes, record, text } from '../arguments.ts'
import type { DoorOps } from '../door.ts'
import { defined } from './hash.ts'
import { privateKeyOf, publicKeyOf } from './key-input.ts'
import type { CryptoObjects } from './objects.ts'

const maxInt = 2 ** 31 - 1
const maxUint = 2 ** 32 - 1
/** The longest derived key that crosses. */
const maxDerivedBytes = 64 * 1024 * 1024
/** The most memory one derivation may take on the host. */
const maxWorkBytes = 1024 * 1024 * 1024

interface Argon2Parameters {
  message: Buffer
  nonce: Buffer
  parallelism: number
  tagLength: number
  memory: number
  passes: number
}

/** Functions of the pinned Node that its type package does not all know. */
const { argon2Sync, encapsulate, decapsulate } = crypto as unknown as {
  argon2Sync(name: string, parameters: Argon2Parameters): Buffer
  encapsulate(key: crypto.KeyObject): { sharedKey: Buffer; ciphertext: Buffer }
  decapsulate(key: crypto.KeyObject, ciphertext: Buffer): Buffer
}

/** Key derivation and key agreement. */
export function deriveOps(objects: CryptoObjects): DoorOps {
  return {
    pbkdf2: (
      password: unknown,
      salt: unknown,
      iterations: unknown,
      length: unknown,
      digest: unknown,
    ) =>
      crypto.pbkdf2Sync(
        bytes(password),
        bytes(salt),
        integer(iterations, 1, maxInt),
        integer(length, 0, maxDerivedBytes),
        text(digest),
      ),
    scrypt(password: unknown, salt: unknown, options: unknown, length: unknown) {
      const given = record(options)
      return crypto.scryptSync(bytes(password), bytes(salt), integer(length, 0, maxDerivedBytes), {
        N: integer(given.N, 0, maxUint),
        r: integer(given.r, 0, maxUint),
        p: integer(given.p, 0, maxUint),
        maxmem: Math.min(integer(given.maxmem, 0, Number.MAX_SAFE_INTEGER), maxWorkBytes),
      })
    },
    hkdf: (digest: unknown, key: unknown, salt: unknown, info: unknown, length: unknown) =>
      new Uint8Array(
        crypto.hkdfSync(
          text(digest),
          bytes(key),
          bytes(salt),
          bytes(info),
          integer(length, 0, maxDerivedBytes),
        ),
      ),
    argon2(name: unknown, options: unknown) {
      const given = record(options)
      const parameters = defined({
        message: bytes(given.message),
        nonce: bytes(given.nonce),
        parallelism: integer(given.parallelism, 1, 2 ** 24 - 1),
        tagLength: integer(given.tagLength, 4, maxDerivedBytes),
        memory: integer(given.memory, 8, maxWorkBytes / 1024),
        passes: integer(given.passes, 1, maxUint),
        secret: optionalBytes(given.secret),
        associatedData: optionalBytes(given.associatedData),
      })
      return argon2Sync(text(name), parameters as unknown as Argon2Parameters)
    },
    'dh.bits': (publicKey: unknown, privateKey: unknown) =>
      crypto.diffieHellman({
        publicKey: publicKeyOf(objects, publicKey),
        privateKey: privateKeyOf(objects, privateKey),
      }),
    'kem.encapsulate'(key: unknown) {
      const { sharedKey, ciphertext } = encapsulate(publicKeyOf(objects, key))
      return [sharedKey, ciphertext]
    },
    'kem.decapsulate': (key: unknown, ciphertext: unknown) =>
      decapsulate(privateKeyOf(objects, key), bytes(ciphertext)),
  }
}
