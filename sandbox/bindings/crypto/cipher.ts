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
    #id: number | undefined
    #tag: Uint8Array | undefined

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
      if (this.#id === undefined) throw new Error('Trying to add data in unsupported state')
      const name = isStringEncoding(encoding) ? encoding : undefined
      return buffer(call('cipher.update', this.#id, data, name))
    }

    /** Ends the cipher on the host too: only the tag of what it made is needed from then on. */
    final(): Uint8Array {
      const id = this.#id
      if (id === undefined) {
        throw Object.assign(new Error('Invalid state'), { code: 'ERR_CRYPTO_INVALID_STATE' })
      }
      this.#id = undefined
      try {
        const { output, tag } = call<{ output: Uint8Array; tag?: Uint8Array }>('cipher.final', id)
        this.#tag = tag
        return buffer(output)
      } finally {
        remotes.release(id)
      }
    }

    setAutoPadding(isPadding: boolean): boolean {
      return this.#id !== undefined && call<boolean>('cipher.setAutoPadding', this.#id, isPadding)
    }

    getAuthTag(): Uint8Array | undefined {
      return this.#tag === undefined ? undefined : buffer(this.#tag.slice())
    }

    setAuthTag(tag: unknown): boolean {
      return (
        this.#id !== undefined && call<boolean>('cipher.setAuthTag', this.#id, secretBytes(tag))
      )
    }

    setAAD(data: unknown, plaintextLength: number): boolean {
      if (this.#id === undefined) return false
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
