import type { NodeObject } from '../../isolate/env.ts'
import { toArrayBuffer } from '../door-call.ts'
import type { CryptoContext } from './context.ts'
import { definedBytes, secretBytes } from './hash.ts'
import { defineJob } from './job.ts'
import { areEqual, type KeyClasses } from './key-handle.ts'
import { signatureOptions } from './sign.ts'

/** Jobs that make bits from bits: key derivation, digests, MACs, signatures, key agreement. */
export function deriveJobs(crypto: CryptoContext, keys: KeyClasses): NodeObject {
  const { call, constants, buffer } = crypto
  const bits = (op: string, ...args: unknown[]) => toArrayBuffer(call<Uint8Array>(op, ...args))
  const isVerifying = (mode: number) => mode === constants.kSignJobModeVerify

  return {
    ...defineJob(
      crypto,
      'PBKDF2Job',
      (password: unknown, salt: unknown, iterations: number, length: number, digest: string) => {
        const args = [secretBytes(password), secretBytes(salt), iterations, length, digest]
        return () => bits('pbkdf2', ...args)
      },
    ),
    ...defineJob(
      crypto,
      'ScryptJob',
      (
        password: unknown,
        salt: unknown,
        N: number,
        r: number,
        p: number,
        maxmem: number,
        length: number,
      ) => {
        const args = [secretBytes(password), secretBytes(salt), { N, r, p, maxmem }, length]
        return () => bits('scrypt', ...args)
      },
    ),
    ...defineJob(
      crypto,
      'HKDFJob',
      (digest: string, key: unknown, salt: unknown, info: unknown, length: number) => {
        const args = [digest, secretBytes(key), secretBytes(salt), secretBytes(info), length]
        return () => bits('hkdf', ...args)
      },
    ),
    ...defineJob(
      crypto,
      'Argon2Job',
      (
        message: unknown,
        nonce: unknown,
        parallelism: number,
        tagLength: number,
        memory: number,
        passes: number,
        secret: unknown,
        associatedData: unknown,
        type: number,
      ) => {
        const options = definedBytes({
          message: secretBytes(message),
          nonce,
          parallelism,
          tagLength,
          memory,
          passes,
          secret,
          associatedData,
        })
        const name =
          type === constants.kTypeArgon2d
            ? 'argon2d'
            : type === constants.kTypeArgon2i
              ? 'argon2i'
              : 'argon2id'
        return () => bits('argon2', name, options)
      },
    ),
    ...defineJob(crypto, 'HashJob', (digest: string, data: unknown, lengthBits?: number) => {
      const input = secretBytes(data)
      const options = definedBytes({
        outputLength: lengthBits === undefined ? undefined : lengthBits / 8,
      })
      return () => bits('hash.digest', digest, options, input, undefined, undefined)
    }),
    ...defineJob(
      crypto,
      'CShakeJob',
      (
        name: string,
        data: unknown,
        functionName: unknown,
        customization: unknown,
        lengthBits: number,
      ) => {
        const input = secretBytes(data)
        const options = definedBytes({
          outputLength: lengthBits / 8,
          functionName,
          customization,
        })
        const algorithm = name.toLowerCase().slice(1)
        return () => bits('hash.digest', algorithm, options, input, undefined, undefined)
      },
    ),
    ...defineJob(
      crypto,
      'HmacJob',
      (mode: number, digest: string, key: unknown, data: unknown, signature?: unknown) => {
        const secret = secretBytes(key)
        const input = secretBytes(data)
        const expected = signature === undefined ? undefined : secretBytes(signature)
        return () => {
          const made = call<Uint8Array>('hmac.digest', digest, secret, input, undefined, undefined)
          if (isVerifying(mode)) return areEqual(made, expected ?? new Uint8Array(0))
          return toArrayBuffer(made)
        }
      },
    ),
    ...defineJob(
      crypto,
      'SignJob',
      (
        mode: number,
        keyData: unknown,
        format: unknown,
        type: unknown,
        passphrase: unknown,
        namedCurve: unknown,
        data: unknown,
        digest: string | undefined,
        saltLength: number | undefined,
        padding: number | undefined,
        dsaEncoding: number | undefined,
        context: unknown,
        signature: unknown,
      ) => {
        const key = keys.specOf(keyData, format, type, passphrase, namedCurve)
        const input = secretBytes(data)
        const options = signatureOptions(crypto, padding, saltLength, dsaEncoding, context)
        if (!isVerifying(mode)) return () => bits('sign.once', digest, input, key, options)
        const given = secretBytes(signature)
        return () => call('sign.verifyOnce', digest, input, key, given, options)
      },
    ),
    ...defineJob(
      crypto,
      'DHBitsJob',
      (
        publicData: unknown,
        publicFormat: unknown,
        publicType: unknown,
        publicPassphrase: unknown,
        publicCurve: unknown,
        privateData: unknown,
        privateFormat: unknown,
        privateType: unknown,
        privatePassphrase: unknown,
        privateCurve: unknown,
      ) => {
        const publicKey = keys.specOf(
          publicData,
          publicFormat,
          publicType,
          publicPassphrase,
          publicCurve,
        )
        const privateKey = keys.specOf(
          privateData,
          privateFormat,
          privateType,
          privatePassphrase,
          privateCurve,
        )
        return () => bits('dh.bits', publicKey, privateKey)
      },
    ),
    ...defineJob(
      crypto,
      'KEMEncapsulateJob',
      (data: unknown, format: unknown, type: unknown, passphrase: unknown, curve: unknown) => {
        const key = keys.specOf(data, format, type, passphrase, curve)
        return () => call<Uint8Array[]>('kem.encapsulate', key).map(buffer)
      },
      (result) => {
        const [sharedKey, ciphertext] = (result as Uint8Array[]).map(toArrayBuffer)
        return { sharedKey, ciphertext }
      },
    ),
    ...defineJob(
      crypto,
      'KEMDecapsulateJob',
      (
        data: unknown,
        format: unknown,
        type: unknown,
        passphrase: unknown,
        curve: unknown,
        ciphertext: unknown,
      ) => {
        const key = keys.specOf(data, format, type, passphrase, curve)
        const given = secretBytes(ciphertext)
        return () => buffer(call('kem.decapsulate', key, given))
      },
      (result) => toArrayBuffer(result as Uint8Array),
    ),
  }
}
