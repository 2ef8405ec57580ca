import type { NodeFunction, NodeObject } from '../../isolate/env.ts'
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
export function createNativeClasses(): NativeClasses {
  class NativeKeyObject {
    #handle: KeyHandle
    constructor(handle: KeyHandle) {
      this.#handle = handle
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
    }
    static slots(key: NativeCryptoKey) {
      return [...key.#slots]
    }
    static has(value: unknown): boolean {
      return typeof value === 'object' && value !== null && #slots in value
    }
  }

  let cryptoKeyClass: CryptoKeyClass | undefined
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
    cryptoKeyClass() {
      if (cryptoKeyClass === undefined) throw new Error('CryptoKey is not defined yet')
      return cryptoKeyClass
    },
  }
}
