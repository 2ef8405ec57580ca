import type { NodeObject } from '../../isolate/env.ts'
import type { CryptoContext } from './context.ts'
import { secretBytes } from './hash.ts'

/** `DiffieHellman`, `DiffieHellmanGroup`, `ECDH`, `ECDHConvertKey`: each instance is one host object. */
export function exchangeBinding(crypto: CryptoContext): NodeObject {
  const { call, remotes, buffer } = crypto

  class Exchange {
    #id: number
    constructor(id: number) {
      this.#id = remotes.track(this, id)
    }
    /** Calls a method of the host object; bytes come back as a Buffer. */
    invoke(method: string, ...args: unknown[]): unknown {
      const result = call('exchange.call', this.#id, method, args)
      return result instanceof Uint8Array ? buffer(result) : result
    }
    generateKeys() {
      return this.invoke('generateKeys')
    }
    computeSecret(key: unknown) {
      return this.invoke('computeSecret', secretBytes(key))
    }
    getPrivateKey() {
      return this.invoke('getPrivateKey')
    }
    setPublicKey(key: unknown) {
      this.invoke('setPublicKey', secretBytes(key))
    }
    setPrivateKey(key: unknown) {
      this.invoke('setPrivateKey', secretBytes(key))
    }
  }

  class FiniteField extends Exchange {
    verifyError: number
    constructor(made: { id: number; verifyError: number }) {
      super(made.id)
      this.verifyError = made.verifyError
    }
    getPrime() {
      return this.invoke('getPrime')
    }
    getGenerator() {
      return this.invoke('getGenerator')
    }
    getPublicKey() {
      return this.invoke('getPublicKey')
    }
  }

  class DiffieHellman extends FiniteField {
    constructor(sizeOrPrime: unknown, generator: unknown) {
      super(call('exchange.dh', plain(sizeOrPrime), plain(generator)))
    }
  }

  class DiffieHellmanGroup extends FiniteField {
    constructor(name: string) {
      super(call('exchange.group', name))
    }
  }

  class ECDH extends Exchange {
    constructor(curve: string) {
      super(call('exchange.ecdh', curve))
    }
    getPublicKey(form: number) {
      return this.invoke('getPublicKey', formOf(form))
    }
  }

  return {
    DiffieHellman,
    DiffieHellmanGroup,
    ECDH,
    ECDHConvertKey: (key: unknown, curve: string, form: number) =>
      buffer(call('exchange.convert', secretBytes(key), curve, formOf(form))),
  }
}

const plain = (value: unknown) => (typeof value === 'number' ? value : secretBytes(value))

/** OpenSSL's `POINT_CONVERSION_*` by the names of Node's public API. */
function formOf(form: number): string {
  return form === 2 ? 'compressed' : form === 6 ? 'hybrid' : 'uncompressed'
}
