import type { NodeFunction, NodeObject } from '../../isolate/env.ts'
import { registerCloner } from '../messaging/structured-clone.ts'
import type { CryptoContext } from './context.ts'
import type { KeyHandle } from './key-handle.ts'

/** `new InternalCryptoKey(handle, algorithm, usagesMask, extractable)` of Node's own library. */
export type CryptoKeyClass = new (
  handle: KeyHandle,
  algorithm: unknown,
  usagesMask: number,
  isExtractable: boolean,
) => object

export interface NativeClasses {
  binding: NodeObject
  /** Set once Node's library has built its CryptoKey over ours. */
  cryptoKeyClass(): CryptoKeyClass
}

/** The C++ bases under `KeyObject` and `CryptoKey`: private slots that no script can forge. */
export function createNativeClasses({ env, constants }: CryptoContext): NativeClasses {
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
      registerCloner(this, () => new (keyClass(handle))(handle))
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
      registerCloner(this, () => {
        const Class = selectCryptoKeyClass() as unknown as new (...args: unknown[]) => object
        return new Class(handle, algorithm, usagesMask, isExtractable, secondaryHandle, seedData)
      })
    }
    static slots(key: NativeCryptoKey) {
      return [...key.#slots]
    }
    static has(value: unknown): boolean {
      return typeof value === 'object' && value !== null && #slots in value
    }
  }

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
