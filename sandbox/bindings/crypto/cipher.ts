import type { NodeObject } from '../../isolate/env.ts'
import { type CryptoContext, isStringEncoding } from './context.ts'
import { definedBytes, secretBytes } from './hash.ts'
import type { KeyClasses } from './key-handle.ts'

function nullObject(value: NodeObject | undefined): NodeObject | undefined {
  return value === undefined ? undefined : Object.assign(Object.create(null), value)
}

/** `CipherBase`, the RSA functions and `getCipherInfo`. */
export function cipherBinding(crypto: CryptoContext, keys: KeyClasses): NodeObject {
  const { call, remotes, buffer } = crypto

  class CipherBase {
    #id: number

    constructor(
      isEncrypting: boolean,
      cipher: string,
      key: unknown,
      iv: ArrayBufferView | ArrayBuffer | null,
      authTagLength: number,
      ctsMode?: string,
      xtsStandard?: string,
    ) {
      const options = definedBytes({
        authTagLength: authTagLength < 0 ? undefined : authTagLength,
        ctsMode,
        xtsStandard,
      })
      const id = call<number>(
        'cipher.create',
        isEncrypting,
        cipher,
        secretBytes(key),
        iv === null ? null : secretBytes(iv),
        options,
      )
      this.#id = remotes.track(this, id)
    }

    update(data: unknown, encoding: unknown): Uint8Array {
      const name = isStringEncoding(encoding) ? encoding : undefined
      return buffer(call('cipher.update', this.#id, data, name))
    }

    final(): Uint8Array {
      return buffer(call('cipher.final', this.#id))
    }

    setAutoPadding(isPadding: boolean): boolean {
      return call('cipher.setAutoPadding', this.#id, isPadding)
    }

    getAuthTag(): Uint8Array {
      return buffer(call('cipher.getAuthTag', this.#id))
    }

    setAuthTag(tag: unknown): boolean {
      return call('cipher.setAuthTag', this.#id, secretBytes(tag))
    }

    setAAD(data: unknown, plaintextLength: number): boolean {
      return call('cipher.setAAD', this.#id, secretBytes(data), plaintextLength)
    }
  }

  const rsa =
    (op: string) =>
    (
      data: unknown,
      format: unknown,
      type: unknown,
      passphrase: unknown,
      namedCurve: unknown,
      input: unknown,
      padding: number,
      oaepHash?: string,
      oaepLabel?: unknown,
      mgf1Hash?: string,
    ) =>
      buffer(
        call(
          'rsa.apply',
          op,
          keys.specOf(data, format, type, passphrase, namedCurve),
          secretBytes(input),
          definedBytes({ padding, oaepHash, oaepLabel, mgf1Hash }),
        ),
      )

  return {
    CipherBase,
    publicEncrypt: rsa('publicEncrypt'),
    privateDecrypt: rsa('privateDecrypt'),
    privateEncrypt: rsa('privateEncrypt'),
    publicDecrypt: rsa('publicDecrypt'),
    getCipherInfo: (name: string | number, keyLength?: number, ivLength?: number) =>
      nullObject(call('cipher.info', name, definedBytes({ keyLength, ivLength }))),
    getCiphers: () => call('names', 'ciphers'),
    getHashes: () => call('names', 'hashes'),
    getCurves: () => call('names', 'curves'),
    getMacs: () => call('names', 'macs'),
    getSSLCiphers: () => call('names', 'tlsCiphers'),
  }
}
