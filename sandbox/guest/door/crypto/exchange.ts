import * as crypto from 'node:crypto'
import { bytes, integer, text } from '../arguments.ts'
import type { DoorOps } from '../door.ts'
import { type CryptoObjects, selectObject } from './objects.ts'

const maxPrimeBits = 16_384

type Exchange = Record<string, (...args: unknown[]) => unknown>
const methods = [
  'generateKeys',
  'computeSecret',
  'getPrime',
  'getGenerator',
  'getPublicKey',
  'getPrivateKey',
  'setPublicKey',
  'setPrivateKey',
]

/** Diffie-Hellman over finite fields and curves, by named methods of held objects. */
export function exchangeOps(objects: CryptoObjects): DoorOps {
  const hold = (dh: crypto.DiffieHellman | crypto.DiffieHellmanGroup) => ({
    id: objects.add(dh),
    verifyError: dh.verifyError,
  })
  return {
    'exchange.dh': (sizeOrPrime: unknown, generator: unknown) =>
      hold(
        crypto.createDiffieHellman(
          (typeof sizeOrPrime === 'number'
            ? integer(sizeOrPrime, -(2 ** 31), maxPrimeBits)
            : bytes(sizeOrPrime)) as Buffer,
          (typeof generator === 'number' ? generator : bytes(generator)) as Buffer,
        ),
      ),
    'exchange.group': (name: unknown) => hold(crypto.createDiffieHellmanGroup(text(name))),
    'exchange.ecdh': (curve: unknown) => ({ id: objects.add(crypto.createECDH(text(curve))) }).id,
    'exchange.call'(id: unknown, method: unknown, args: unknown) {
      const name = text(method)
      if (!methods.includes(name) || !Array.isArray(args)) throw new TypeError('unknown method')
      const exchange = selectObject<Exchange>(objects, id, 'computeSecret', 'generateKeys')
      const given = args.map((arg) => (typeof arg === 'string' ? arg : bytes(arg)))
      // A point's form is the second argument; the first, its encoding, stays out.
      const result =
        name === 'getPublicKey' && given.length === 1
          ? exchange.getPublicKey?.(undefined, given[0])
          : exchange[name]?.(...given)
      return result instanceof Uint8Array ? result : undefined
    },
    'exchange.convert': (key: unknown, curve: unknown, form: unknown) =>
      crypto.ECDH.convertKey(
        bytes(key),
        text(curve),
        undefined,
        undefined,
        text(form) as 'compressed',
      ),
  }
}
