import type { NodeObject } from '../../isolate/env.ts'
import { type CryptoContext, isStringEncoding } from './context.ts'
import { definedBytes, secretBytes } from './hash.ts'
import type { KeyClasses, KeySpec } from './key-handle.ts'

/** Options of a signature as Node's C++ takes them, by the names of its public API. */
export function signatureOptions(
  crypto: CryptoContext,
  padding: number | undefined,
  saltLength: number | undefined,
  dsaEncoding: number | undefined,
  context?: unknown,
): NodeObject {
  const isP1363 = dsaEncoding === crypto.constants.kSigEncP1363
  return definedBytes({
    padding,
    saltLength,
    dsaEncoding: isP1363 ? 'ieee-p1363' : undefined,
    context,
  })
}

/** Streaming `Sign` and `Verify`. */
export function signBinding(crypto: CryptoContext, keys: KeyClasses): NodeObject {
  const { call, remotes, buffer } = crypto

  class Base {
    #id: number | undefined
    #createOp: string

    constructor(createOp: string) {
      this.#createOp = createOp
    }

    get id(): number {
      if (this.#id !== undefined) return this.#id
      throw Object.assign(new Error('Not initialised'), { code: 'ERR_CRYPTO_INVALID_STATE' })
    }

    init(algorithm: string): void {
      this.#id = remotes.track(this, call(this.#createOp, algorithm))
    }

    update(data: unknown, encoding: unknown): void {
      const name = isStringEncoding(encoding) ? encoding : undefined
      call('sign.update', this.id, data, name)
    }

    finish<T>(op: string, key: KeySpec, ...args: unknown[]): T {
      const { id } = this
      const result = call<T>(op, id, key, ...args)
      this.#id = undefined
      remotes.release(id)
      return result
    }
  }

  class Sign extends Base {
    constructor() {
      super('sign.createSign')
    }

    sign(
      data: unknown,
      format: unknown,
      type: unknown,
      passphrase: unknown,
      namedCurve: unknown,
      padding?: number,
      saltLength?: number,
      dsaEncoding?: number,
    ): Uint8Array {
      const key = keys.specOf(data, format, type, passphrase, namedCurve)
      const options = signatureOptions(crypto, padding, saltLength, dsaEncoding)
      return buffer(this.finish('sign.sign', key, options))
    }
  }

  class Verify extends Base {
    constructor() {
      super('sign.createVerify')
    }

    verify(
      data: unknown,
      format: unknown,
      type: unknown,
      passphrase: unknown,
      namedCurve: unknown,
      signature: unknown,
      padding?: number,
      saltLength?: number,
      dsaEncoding?: number,
    ): boolean {
      const key = keys.specOf(data, format, type, passphrase, namedCurve)
      const options = signatureOptions(crypto, padding, saltLength, dsaEncoding)
      return this.finish('sign.verify', key, secretBytes(signature), options)
    }
  }

  return { Sign, Verify }
}
