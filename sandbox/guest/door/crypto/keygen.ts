import * as crypto from 'node:crypto'
import {
  integer,
  optionalBytes,
  optionalInteger,
  optionalText,
  record,
  text,
} from '../arguments.ts'
import type { DoorOps } from '../door.ts'
import { defined } from './hash.ts'
import { encodingOf } from './keys.ts'
import type { CryptoObjects } from './objects.ts'

const maxUint = 2 ** 32 - 1
/** Bigger moduli take minutes to find. */
const maxModulusBits = 16_384

type Generate = (
  type: string,
  options: Record<string, unknown>,
) => { publicKey: unknown; privateKey: unknown }

/** Key pairs. A key that is not to be encoded stays here, and its id crosses. */
export function keygenOps(objects: CryptoObjects): DoorOps {
  const hold = (key: unknown) =>
    key instanceof crypto.KeyObject ? { id: objects.add(key) } : { value: key }
  return {
    'keygen.pair'(type: unknown, options: unknown, encodings: unknown) {
      const generate = crypto.generateKeyPairSync as unknown as Generate
      const { publicKeyEncoding, privateKeyEncoding } = record(encodings)
      const { publicKey, privateKey } = generate(
        text(type),
        defined({
          ...pairOptions(record(options)),
          publicKeyEncoding: publicKeyEncoding && encodingOf(record(publicKeyEncoding)),
          privateKeyEncoding: privateKeyEncoding && encodingOf(record(privateKeyEncoding)),
        }),
      )
      return { publicKey: hold(publicKey), privateKey: hold(privateKey) }
    },
    'prime.generate'(bits: unknown, isSafe: unknown, add: unknown, rem: unknown) {
      const prime = crypto.generatePrimeSync(
        integer(bits, 1, maxModulusBits),
        defined({ safe: isSafe === true, add: optionalBytes(add), rem: optionalBytes(rem) }),
      )
      return new Uint8Array(prime)
    },
    'prime.check': (candidate: unknown, checks: unknown) =>
      crypto.checkPrimeSync(optionalBytes(candidate) ?? Buffer.alloc(0), {
        checks: integer(checks, 0, 2 ** 31 - 1),
      }),
  }
}

function pairOptions(given: Record<string, unknown>): Record<string, unknown> {
  return {
    modulusLength: optionalInteger(given.modulusLength, 0, maxModulusBits),
    publicExponent: optionalInteger(given.publicExponent, 0, maxUint),
    hashAlgorithm: optionalText(given.hashAlgorithm),
    mgf1HashAlgorithm: optionalText(given.mgf1HashAlgorithm),
    saltLength: optionalInteger(given.saltLength, 0, maxUint),
    divisorLength: optionalInteger(given.divisorLength, 0, maxModulusBits),
    namedCurve: optionalText(given.namedCurve),
    paramEncoding: optionalText(given.paramEncoding),
    group: optionalText(given.group),
    prime: optionalBytes(given.prime),
    primeLength: optionalInteger(given.primeLength, 0, maxModulusBits),
    generator: optionalInteger(given.generator, 0, maxUint),
  }
}
