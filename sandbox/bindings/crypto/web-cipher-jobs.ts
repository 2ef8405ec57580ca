import type { NodeObject } from '../../isolate/env.ts'
import { toArrayBuffer } from '../door-call.ts'
import type { CryptoContext } from './context.ts'
import { definedBytes, secretBytes } from './hash.ts'
import { defineJob } from './job.ts'
import type { KeyClasses, KeyHandle } from './key-handle.ts'

/** WebCrypto encryption: one call with everything, over the host's ordinary ciphers. */
export function webCipherJobs(crypto: CryptoContext, keys: KeyClasses): NodeObject {
  const { call, constants } = crypto
  const isEncrypting = (mode: number) => mode === constants.kWebCryptoCipherEncrypt
  const bits = (op: string, ...args: unknown[]) => toArrayBuffer(call<Uint8Array>(op, ...args))

  /** `ctr` with key length 256 for `kKeyVariantAES_CTR_256`. */
  const variants = new Map<unknown, { mode: string; bits: string }>()
  for (const [name, value] of Object.entries(constants)) {
    const match = /^kKeyVariantAES_([A-Z]+)_(\d+)$/.exec(name)
    if (match !== null) {
      variants.set(value, { mode: (match[1] ?? '').toLowerCase(), bits: match[2] ?? '' })
    }
  }

  return {
    ...defineJob(
      crypto,
      'AESCipherJob',
      (
        mode: number,
        key: KeyHandle,
        data: unknown,
        variant: number,
        iv?: unknown,
        length?: number,
        additionalData?: unknown,
      ) => {
        const aes = variants.get(variant)
        const input = secretBytes(data)
        const secret = secretBytes(key)
        const options = definedBytes({ iv, length, additionalData })
        const cipher = aes?.mode === 'kw' ? `aes${aes.bits}-wrap` : `aes-${aes?.bits}-${aes?.mode}`
        return () => bits('web.aes', aes?.mode, cipher, isEncrypting(mode), secret, input, options)
      },
    ),
    ...defineJob(
      crypto,
      'ChaCha20Poly1305CipherJob',
      (mode: number, key: KeyHandle, data: unknown, iv: unknown, additionalData?: unknown) => {
        const input = secretBytes(data)
        const secret = secretBytes(key)
        const options = definedBytes({ iv, length: 16, additionalData })
        return () =>
          bits('web.aes', 'gcm', 'chacha20-poly1305', isEncrypting(mode), secret, input, options)
      },
    ),
    ...defineJob(
      crypto,
      'RSACipherJob',
      (
        mode: number,
        key: KeyHandle,
        data: unknown,
        _variant: number,
        oaepHash: string,
        oaepLabel?: unknown,
      ) => {
        const input = secretBytes(data)
        const options = definedBytes({ padding: 4, oaepHash, oaepLabel })
        const op = isEncrypting(mode) ? 'publicEncrypt' : 'privateDecrypt'
        return () => bits('rsa.apply', op, keys.specOf(key, null, null, null, null), input, options)
      },
    ),
    ...defineJob(
      crypto,
      'KmacJob',
      (
        mode: number,
        key: KeyHandle,
        name: string,
        customization: unknown,
        _keyLength: number,
        outputBits: number,
        data: unknown,
        signature: unknown,
      ) => {
        const secret = secretBytes(key)
        const input = secretBytes(data)
        const options = definedBytes({ customization, outputLength: Math.ceil(outputBits / 8) })
        const expected = signature === undefined ? undefined : secretBytes(signature)
        return () => {
          const id = call<number>('mac.create', name.toLowerCase(), secret, options)
          call('mac.update', id, input, undefined)
          const made = call<Uint8Array>('mac.final', id)
          call('release', [id])
          if (mode !== constants.kSignJobModeVerify) return toArrayBuffer(made)
          return (
            expected !== undefined &&
            made.length === expected.length &&
            made.every((byte, i) => byte === expected[i])
          )
        }
      },
    ),
  }
}
