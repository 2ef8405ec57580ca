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
import { type CryptoObjects, selectObject } from './objects.ts'

/** The longest output of an extendable function (SHAKE, KMAC) that crosses. */
const maxOutputBytes = 64 * 1024 * 1024

/** `crypto.createMac` of the pinned Node, which its type package does not know yet. */
interface Mac {
  update(data: Uint8Array): Mac
  final(): Buffer
}
const { createMac } = crypto as unknown as {
  createMac(name: string, key: Uint8Array, options: Record<string, unknown>): Mac
}

interface Updatable {
  update(data: Uint8Array): unknown
  digest(encoding?: crypto.BinaryToTextEncoding): Buffer | string
}
const encodingOf = (value: unknown) =>
  optionalText(value) as crypto.BinaryToTextEncoding | undefined

/** Digests and message authentication codes. */
export function hashOps(objects: CryptoObjects): DoorOps {
  const finish = (hash: Updatable, input: unknown, inputEncoding: unknown, output: unknown) => {
    hash.update(data(input, inputEncoding))
    const encoding = encodingOf(output)
    return encoding === undefined ? hash.digest() : hash.digest(encoding)
  }
  return {
    'hash.check'(algorithm: unknown, options: unknown) {
      crypto.createHash(text(algorithm), hashOptions(algorithm, options))
    },
    'hash.create': (algorithm: unknown, options: unknown) =>
      objects.add(crypto.createHash(text(algorithm), hashOptions(algorithm, options))),
    'hash.copy'(id: unknown, outputLength: unknown) {
      const length = optionalInteger(outputLength, 0, maxOutputBytes)
      const hash = selectObject<crypto.Hash>(objects, id, 'copy', 'digest')
      return objects.add(hash.copy(length === undefined ? {} : { outputLength: length }))
    },
    'hash.update'(id: unknown, input: unknown, encoding: unknown) {
      selectObject<Updatable>(objects, id, 'update', 'digest').update(data(input, encoding))
    },
    'hash.final': (id: unknown, input: unknown, inputEncoding: unknown, output: unknown) =>
      finish(
        selectObject<Updatable>(objects, id, 'update', 'digest'),
        input,
        inputEncoding,
        output,
      ),
    'hash.digest': (
      algorithm: unknown,
      options: unknown,
      input: unknown,
      inputEncoding: unknown,
      output: unknown,
    ) =>
      finish(
        crypto.createHash(text(algorithm), hashOptions(algorithm, options)),
        input,
        inputEncoding,
        output,
      ),
    'hash.oneShot': (algorithm: unknown, options: unknown, input: unknown, output: unknown) =>
      crypto.hash(text(algorithm), typeof input === 'string' ? input : bytes(input), {
        ...hashOptions(algorithm, options),
        outputEncoding: (encodingOf(output) ?? 'buffer') as 'buffer',
      }),
    'hmac.check'(algorithm: unknown) {
      crypto.createHmac(text(algorithm), Buffer.alloc(0))
    },
    'hmac.create': (algorithm: unknown, key: unknown) =>
      objects.add(crypto.createHmac(text(algorithm), bytes(key))),
    'hmac.digest': (
      algorithm: unknown,
      key: unknown,
      input: unknown,
      inputEncoding: unknown,
      output: unknown,
    ) => finish(crypto.createHmac(text(algorithm), bytes(key)), input, inputEncoding, output),
    'mac.create'(name: unknown, key: unknown, options: unknown) {
      const given = record(options)
      const checked = defined({
        digest: optionalText(given.digest),
        cipher: optionalText(given.cipher),
        iv: optionalBytes(given.iv),
        customization: optionalBytes(given.customization),
        salt: optionalBytes(given.salt),
        outputLength: optionalInteger(given.outputLength, 0, maxOutputBytes),
      })
      return objects.add(createMac(text(name), bytes(key), checked))
    },
    'mac.update'(id: unknown, input: unknown, encoding: unknown) {
      selectObject<Mac>(objects, id, 'update', 'final').update(data(input, encoding))
    },
    'mac.final': (id: unknown) => selectObject<Mac>(objects, id, 'update', 'final').final(),
  }
}

/** SHAKE's own default lengths: Node deprecates leaving them out, and would print that on the host. */
const defaultOutputBytes: Record<string, number> = { shake128: 16, shake256: 32 }

function hashOptions(algorithm: unknown, options: unknown): crypto.HashOptions {
  const given = record(options)
  const outputLength = optionalInteger(given.outputLength, 0, maxOutputBytes)
  return defined({
    outputLength:
      outputLength ?? defaultOutputBytes[text(algorithm).toLowerCase().replace('-', '')],
    functionName: optionalBytes(given.functionName),
    customization: optionalBytes(given.customization),
  }) as crypto.HashOptions
}

/** The entries that are set: Node tells an absent option from an undefined one in places. */
export function defined(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
