import type { NodeFunction, NodeObject } from '../../isolate/env.ts'
import { registerMaker } from '../messaging/message-bytes.ts'
import { registerCloner } from '../messaging/structured-clone.ts'
import type { CryptoContext } from './context.ts'
import type { KeyClasses, KeyHandle, KeyParcel } from './key-handle.ts'

/** `new InternalCryptoKey(handle, algorithm, usagesMask, extractable)` of Node's own library. */
export type CryptoKeyClass = new (
  handle: KeyHandle,
  algorithm: unknown,
  usagesMask: number,
  isExtractable: boolean,
) => object

type CryptoKeyParcel = [
  key: KeyParcel,
  algorithm: unknown,
  usagesMask: number,
  isExtractable: boolean,
]

export interface NativeClasses {
  binding: NodeObject
  /** Set once Node's library has built its CryptoKey over ours. */
  cryptoKeyClass(): CryptoKeyClass
}

/** The C++ bases under `KeyObject` and `CryptoKey`: private slots that no script can forge. */
export function createNativeClasses(
  { env, constants }: CryptoContext,
  keys: Pick<KeyClasses, 'unparcel'>,
): NativeClasses {
  const keyClassNames: Record<number, string> = {
    [constants.kKeyTypeSecret as number]: 'SecretKeyObject',
    [constants.kKeyTypePublic as number]: 'PublicKeyObject',
    [constants.kKeyTypePrivate as number]: 'PrivateKeyObject',
  }
  const keyClass = (handle: KeyHandle) =>
    env.requireBuiltin('internal/crypto/keys')[keyClassNames[handle.getKeyType()] ?? ''] as new (
      handle: KeyHandle,
    ) => object

  class NativeKeyObject {
    #handle: KeyHandle
    constructor(handle: KeyHandle) {
      this.#handle = handle
      registerCloner(
        this,
        () => new (keyClass(handle))(handle),
        () => ({ kind: 'crypto.KeyObject', data: handle.parcel() }),
      )
    }
    static slots(key: NativeKeyObject) {
      return [key.#handle.getKeyType(), key.#handle]
    }
    static has(value: unknown): boolean {
      return typeof value === 'object' && value !== null && #handle in value
    }
  }

  class NativeCryptoKey {
    #slots: unknown[]
    constructor(
      handle: KeyHandle,
      algorithm: unknown,
      usagesMask: number,
      isExtractable: boolean,
      secondaryHandle: unknown,
      seedData: unknown,
    ) {
      this.#slots = [
        handle?.getKeyType(),
        isExtractable,
        algorithm,
        usagesMask,
        handle,
        secondaryHandle,
        seedData,
      ]
      const rest = [algorithm, usagesMask, isExtractable]
      const make = (...slots: unknown[]) => {
        const Class = selectCryptoKeyClass() as unknown as new (...args: unknown[]) => object
        return new Class(...slots)
      }
      registerCloner(
        this,
        () => make(handle, ...rest, secondaryHandle, seedData),
        // A key of two handles, or with a seed, stays in its thread.
        secondaryHandle === undefined && seedData === undefined
          ? () => ({ kind: 'crypto.CryptoKey', data: [handle.parcel(), ...rest] })
          : undefined,
      )
    }
    static slots(key: NativeCryptoKey) {
      return [...key.#slots]
    }
    static has(value: unknown): boolean {
      return typeof value === 'object' && value !== null && #slots in value
    }
  }

  registerMaker('crypto.KeyObject', (data: KeyParcel) => {
    const handle = keys.unparcel(data)
    return new (keyClass(handle))(handle)
  })
  registerMaker(
    'crypto.CryptoKey',
    ([key, algorithm, usagesMask, isExtractable]: CryptoKeyParcel) => {
      env.requireBuiltin('internal/crypto/keys')
      return new (selectCryptoKeyClass())(keys.unparcel(key), algorithm, usagesMask, isExtractable)
    },
  )

  let cryptoKeyClass: CryptoKeyClass | undefined
  const selectCryptoKeyClass = () => {
    if (cryptoKeyClass === undefined) throw new Error('CryptoKey is not defined yet')
    return cryptoKeyClass
  }
  return {
    binding: {
      createNativeKeyObjectClass: (create: NodeFunction) => create(NativeKeyObject),
      getKeyObjectSlots: NativeKeyObject.slots,
      isKeyObject: NativeKeyObject.has,
      createCryptoKeyClass(create: NodeFunction) {
        const classes = create(NativeCryptoKey) as [unknown, CryptoKeyClass]
        cryptoKeyClass = classes[1]
        return classes
      },
      getCryptoKeySlots: NativeCryptoKey.slots,
      isCryptoKey: NativeCryptoKey.has,
    },
    cryptoKeyClass: selectCryptoKeyClass,
  }
}
