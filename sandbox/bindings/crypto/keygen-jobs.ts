import type { NodeObject } from '../../isolate/env.ts'
import type { CryptoContext } from './context.ts'
import { definedBytes, secretBytes } from './hash.ts'
import { defineJob } from './job.ts'
import type { KeyClasses, KeyHandle } from './key-handle.ts'
import type { CryptoKeyClass } from './native-classes.ts'
import type { RandomSource } from './random.ts'

type Made = { id: number } | { value: unknown }
interface Pair {
  publicKey: KeyHandle | unknown
  privateKey: KeyHandle | unknown
}

/**
 * Key generation. A job gets its own arguments, then either output encodings
 * `[publicFormat, publicType, privateFormat, privateType, cipher, passphrase]` or, for WebCrypto,
 * `[algorithm, publicUsages, privateUsages, extractable]`.
 */
export function keygenJobs(
  crypto: CryptoContext,
  keys: KeyClasses,
  random: RandomSource,
  cryptoKeyClass: () => CryptoKeyClass,
): NodeObject {
  const { call, constants, buffer } = crypto
  const constant = (name: string) => constants[name] ?? Number.NaN

  function output(format: unknown, type: unknown, cipher?: unknown, passphrase?: unknown) {
    if (typeof format !== 'number') return undefined
    return keys.exportOptions(format, type, cipher, passphrase)
  }

  function adopt(type: number, made: Made): unknown {
    if ('id' in made) return keys.adopt(type, made.id)
    return made.value instanceof Uint8Array ? buffer(made.value) : made.value
  }

  /** Work that makes a pair; `rest` are the arguments after the key type's own. */
  function pair(type: string, options: NodeObject, rest: unknown[]) {
    const isWeb = typeof rest[0] === 'object' && rest[0] !== null
    const [publicFormat, publicType, privateFormat, privateType, cipher, passphrase] = rest
    const encodings = isWeb
      ? {}
      : definedBytes({
          publicKeyEncoding: output(publicFormat, publicType),
          privateKeyEncoding: output(privateFormat, privateType, cipher, passphrase),
        })
    return () => {
      const made = call<{ publicKey: Made; privateKey: Made }>(
        'keygen.pair',
        type,
        definedBytes(options),
        encodings,
      )
      const publicKey = adopt(constant('kKeyTypePublic'), made.publicKey)
      const privateKey = adopt(constant('kKeyTypePrivate'), made.privateKey)
      return isWeb ? { publicKey, privateKey } : [publicKey, privateKey]
    }
  }

  /** The WebCrypto result of a pair job whose own arguments are `ownCount` long. */
  const webPair = (ownCount: number) => (result: unknown, args: unknown[]) => {
    const { publicKey, privateKey } = result as Pair
    const [algorithm, publicUsages, privateUsages, isExtractable] = args.slice(ownCount)
    const CryptoKey = cryptoKeyClass()
    return {
      publicKey: new CryptoKey(publicKey as KeyHandle, algorithm, publicUsages as number, true),
      privateKey: new CryptoKey(
        privateKey as KeyHandle,
        algorithm,
        privateUsages as number,
        isExtractable as boolean,
      ),
    }
  }

  return {
    ...defineJob(
      crypto,
      'SecretKeyGenJob',
      // Only WebCrypto, which passes an algorithm, makes keys of lengths that are no whole number of bytes.
      (bits: number, algorithm: unknown) => () => {
        const isWeb = algorithm !== undefined
        const bytes = random.bytes(isWeb ? Math.ceil(bits / 8) : Math.floor(bits / 8))
        const extra = isWeb ? bits % 8 : 0
        const last = bytes.length - 1
        // A length that is no whole number of bytes has the low bits of its last byte clear.
        if (extra !== 0) bytes[last] = (bytes[last] as number) & (0xff << (8 - extra))
        return keys.secretHandle(bytes)
      },
      (result, args) => {
        const [, algorithm, usagesMask, isExtractable] = args
        return new (cryptoKeyClass())(
          result as KeyHandle,
          algorithm,
          usagesMask as number,
          isExtractable as boolean,
        )
      },
    ),
    ...defineJob(
      crypto,
      'RsaKeyPairGenJob',
      (variant: number, modulusLength: number, publicExponent: number, ...rest: unknown[]) => {
        if (variant !== constants.kKeyVariantRSA_PSS) {
          return pair('rsa', { modulusLength, publicExponent }, rest)
        }
        const [hashAlgorithm, mgf1HashAlgorithm, saltLength, ...encodings] = rest
        return pair(
          'rsa-pss',
          { modulusLength, publicExponent, hashAlgorithm, mgf1HashAlgorithm, saltLength },
          encodings,
        )
      },
      webPair(3),
    ),
    ...defineJob(
      crypto,
      'DsaKeyPairGenJob',
      (modulusLength: number, divisorLength: number, ...rest: unknown[]) =>
        pair(
          'dsa',
          { modulusLength, divisorLength: divisorLength < 0 ? undefined : divisorLength },
          rest,
        ),
    ),
    ...defineJob(
      crypto,
      'EcKeyPairGenJob',
      (namedCurve: string, paramEncoding: number | undefined, ...rest: unknown[]) =>
        pair(
          'ec',
          {
            namedCurve,
            paramEncoding:
              paramEncoding === constants.OPENSSL_EC_EXPLICIT_CURVE ? 'explicit' : undefined,
          },
          rest,
        ),
      webPair(2),
    ),
    ...defineJob(
      crypto,
      'NamedKeyPairGenJob',
      (name: string, ...rest: unknown[]) => pair(name.toLowerCase(), {}, rest),
      webPair(1),
    ),
    ...defineJob(crypto, 'DhKeyPairGenJob', (primeOrGroup: unknown, ...given: unknown[]) => {
      if (typeof primeOrGroup === 'string') return pair('dh', { group: primeOrGroup }, given)
      const [generator, ...rest] = given
      const source =
        typeof primeOrGroup === 'number'
          ? { primeLength: primeOrGroup }
          : { prime: secretBytes(primeOrGroup) }
      return pair('dh', { ...source, generator }, rest)
    }),
  }
}
