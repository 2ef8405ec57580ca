import * as crypto from 'node:crypto'
import {
  bytes,
  data,
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

/** Signatures: streaming objects and one-shot functions. */
export function signOps(objects: CryptoObjects): DoorOps {
  return {
    'sign.createSign': (algorithm: unknown) => objects.add(crypto.createSign(text(algorithm))),
    'sign.createVerify': (algorithm: unknown) => objects.add(crypto.createVerify(text(algorithm))),
    'sign.update'(id: unknown, input: unknown, encoding: unknown) {
      selectObject<crypto.Sign>(objects, id, 'update', 'cork').update(data(input, encoding))
    },
    'sign.sign': (id: unknown, key: unknown, options: unknown) =>
      selectObject<crypto.Sign>(objects, id, 'sign').sign({
        key: privateKeyOf(objects, key),
        ...signOptions(options),
      } as crypto.SignKeyObjectInput),
    'sign.verify': (id: unknown, key: unknown, signature: unknown, options: unknown) =>
      selectObject<crypto.Verify>(objects, id, 'verify').verify(
        { key: publicKeyOf(objects, key), ...signOptions(options) } as crypto.VerifyKeyObjectInput,
        bytes(signature),
      ),
    'sign.once': (algorithm: unknown, input: unknown, key: unknown, options: unknown) =>
      crypto.sign(optionalText(algorithm), bytes(input), {
        key: privateKeyOf(objects, key),
        ...signOptions(options),
      } as crypto.SignKeyObjectInput),
    'sign.verifyOnce': (
      algorithm: unknown,
      input: unknown,
      key: unknown,
      signature: unknown,
      options: unknown,
    ) =>
      crypto.verify(
        optionalText(algorithm),
        bytes(input),
        { key: publicKeyOf(objects, key), ...signOptions(options) } as crypto.VerifyKeyObjectInput,
        bytes(signature),
      ),
  }
}

function signOptions(options: unknown): Record<string, unknown> {
  const given = record(options)
  return defined({
    padding: optionalInteger(given.padding, -maxInt, maxInt),
    saltLength: optionalInteger(given.saltLength, -maxInt, maxInt),
    dsaEncoding: optionalText(given.dsaEncoding),
    context: optionalBytes(given.context),
  })
}
