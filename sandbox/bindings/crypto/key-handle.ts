import { unavailableError } from '../../isolate/compose-binding.ts'
import type { NodeObject } from '../../isolate/env.ts'
import { registerCloner } from '../messaging/structured-clone.ts'
import type { CryptoContext } from './context.ts'

/** A key as it crosses the door: an id of a key the host holds, or what to make one from. */
export type KeySpec = NodeObject

/** Node's `KeyObjectHandle`. Secrets stay in the isolate; asymmetric keys are host objects. */
export interface KeyHandle {
  init(
    type: number,
    data: unknown,
    format?: number | null,
    encoding?: unknown,
    passphrase?: unknown,
    namedCurve?: unknown,
  ): void
  getKeyType(): number
  secretBytes(): Uint8Array
  spec(): KeySpec
  /** The key as plain data for another thread. */
  parcel(): KeyParcel
}

/** A secret's bytes, or an asymmetric key as DER. */
export interface KeyParcel {
  type: number
  bytes: Uint8Array
}

export interface KeyClasses {
  KeyObjectHandle: new () => KeyHandle
  /** A handle of a key that the host already holds. */
  adopt(type: number, id: number): KeyHandle
  secretHandle(bytes: Uint8Array): KeyHandle
  unparcel(parcel: KeyParcel): KeyHandle
  /** The key that binding functions get as `(data, format, type, passphrase, namedCurve)`. */
  specOf(
    data: unknown,
    format: unknown,
    encoding: unknown,
    passphrase: unknown,
    namedCurve: unknown,
  ): KeySpec
  /** Encoded or raw output of `export` with numeric formats. */
  exportOptions(format: unknown, type: unknown, cipher: unknown, passphrase: unknown): NodeObject
}

interface AdoptedKey {
  type: number
  id: number
}

export function createKeyClasses(crypto: CryptoContext): KeyClasses {
  const { call, remotes, constants, buffer } = crypto
  const constant = (name: string) => constants[name] ?? Number.NaN
  const kSecret = constant('kKeyTypeSecret')
  const kPublic = constant('kKeyTypePublic')
  const kJwk = constant('kKeyFormatJWK')
  const kStore = constant('kKeyFormatStore')
  const formats = new Map<unknown, string>([
    [constant('kKeyFormatPEM'), 'pem'],
    [constant('kKeyFormatDER'), 'der'],
    [kJwk, 'jwk'],
    [constant('kKeyFormatRawPublic'), 'raw-public'],
    [constant('kKeyFormatRawPrivate'), 'raw-private'],
    [constant('kKeyFormatRawSeed'), 'raw-seed'],
  ])
  const encodings = new Map<unknown, string>([
    [constant('kKeyEncodingPKCS1'), 'pkcs1'],
    [constant('kKeyEncodingPKCS8'), 'pkcs8'],
    [constant('kKeyEncodingSPKI'), 'spki'],
    [constant('kKeyEncodingSEC1'), 'sec1'],
  ])
  // WebCrypto names SPKI and PKCS8 by numbers of its own.
  const webFormats = new Map<unknown, string>([
    [constant('kWebCryptoKeyFormatSPKI'), 'spki'],
    [constant('kWebCryptoKeyFormatPKCS8'), 'pkcs8'],
  ])

  class KeyObjectHandle {
    #type = kSecret
    #secret: Uint8Array | undefined
    #id: number | undefined
    #details: NodeObject | undefined

    constructor(adopted?: AdoptedKey) {
      // Handles never change once set, so a copy may be the same one.
      registerCloner(this, () => this)
      if (adopted instanceof Adopted) {
        this.#type = adopted.type
        this.#id = remotes.track(this, adopted.id)
      }
    }

    init(
      type: number,
      data: unknown,
      format?: number | null,
      encoding?: unknown,
      passphrase?: unknown,
      namedCurve?: unknown,
    ): void {
      this.#type = type
      if (type === kSecret) {
        this.#secret = format === kJwk ? jwkSecret(crypto, data) : copyBytes(data)
        return
      }
      const spec = specOf(data, format, encoding, passphrase, namedCurve)
      const op = type === kPublic ? 'key.createPublic' : 'key.createPrivate'
      this.#id = remotes.track(this, call(op, spec))
    }

    getKeyType(): number {
      return this.#type
    }

    secretBytes(): Uint8Array {
      return this.#secret ?? new Uint8Array(0)
    }

    spec(): KeySpec {
      return this.#secret === undefined ? { id: this.#id } : { secret: this.#secret }
    }

    parcel(): KeyParcel {
      if (this.#secret !== undefined) return { type: this.#type, bytes: this.#secret.slice() }
      const type = this.#type === kPublic ? 'spki' : 'pkcs8'
      const bytes = call<Uint8Array>('key.export', this.#id, { format: 'der', type })
      return { type: this.#type, bytes: bytes.slice() }
    }

    getSymmetricKeySize(): number {
      return this.secretBytes().length
    }

    #describe(): NodeObject {
      this.#details ??= call<NodeObject>('key.describe', this.#id)
      return this.#details
    }

    getAsymmetricKeyType(): unknown {
      return this.#describe().type
    }

    keyDetail(target: NodeObject): NodeObject {
      const details = this.#describe().details as NodeObject
      for (const [key, value] of Object.entries(details)) {
        target[key] = value instanceof Uint8Array ? value.slice().buffer : value
      }
      return target
    }

    /** Keys come from the host's own parser, which refuses points that are not on their curve. */
    checkEcKeyData(): boolean {
      return this.#describe().type === 'ec'
    }

    export(format?: unknown, type?: unknown, cipher?: unknown, passphrase?: unknown): unknown {
      if (this.#secret !== undefined) return buffer(this.#secret.slice())
      return encoded(call('key.export', this.#id, exportOptions(format, type, cipher, passphrase)))
    }

    exportJwk(target: NodeObject, isPssAllowed: boolean): NodeObject {
      if (this.#secret !== undefined) {
        target.kty = 'oct'
        target.k = crypto.encode(this.#secret, 'base64url')
        return target
      }
      return Object.assign(
        target,
        call<NodeObject>('key.export', this.#id, { format: 'jwk', isPssAllowed }),
      )
    }

    #raw(options: NodeObject): Uint8Array {
      return buffer(call<Uint8Array>('key.export', this.#id, options))
    }

    rawPublicKey() {
      return this.#raw({ format: 'raw-public' })
    }

    rawPrivateKey() {
      return this.#raw({ format: 'raw-private' })
    }

    rawSeed() {
      return this.#raw({ format: 'raw-seed' })
    }

    exportECPublicRaw(form: number) {
      const isCompressed = form === 2
      return this.#raw({ format: 'raw-public', type: isCompressed ? 'compressed' : 'uncompressed' })
    }

    exportECPrivateRaw() {
      return this.#raw({ format: 'raw-private' })
    }

    equals(other: KeyObjectHandle): boolean {
      if (this.#type !== other.#type) return false
      if (this.#secret === undefined) return call<boolean>('key.equals', this.#id, other.#id)
      return areEqual(this.#secret, other.secretBytes())
    }
  }

  class Adopted implements AdoptedKey {
    type: number
    id: number
    constructor(type: number, id: number) {
      this.type = type
      this.id = id
    }
  }

  const encoded = (value: unknown) => (value instanceof Uint8Array ? buffer(value) : value)

  function specOf(
    data: unknown,
    format: unknown,
    encoding: unknown,
    passphrase: unknown,
    namedCurve: unknown,
  ): KeySpec {
    if (data instanceof KeyObjectHandle) return data.spec()
    if (format === kStore) throw unavailableError('crypto key stores')
    const name = formats.get(format) ?? 'pem'
    if (name === 'jwk') return { format: 'jwk', jwk: plainJwk(data) }
    const spec: KeySpec = { format: name, key: copyBytes(data) }
    if (name.startsWith('raw')) {
      spec.asymmetricKeyType = encoding
      if (namedCurve != null) spec.namedCurve = namedCurve
      return spec
    }
    if (encoding != null) spec.type = encodings.get(encoding) ?? webFormats.get(encoding)
    if (passphrase != null) spec.passphrase = copyBytes(passphrase)
    return spec
  }

  function exportOptions(
    format: unknown,
    type: unknown,
    cipher: unknown,
    passphrase: unknown,
  ): NodeObject {
    const name = formats.get(format)
    const options: NodeObject = { format: name }
    if (name === 'jwk') return options
    if (name === 'raw-public') options.type = type === 2 ? 'compressed' : 'uncompressed'
    else if (type != null) options.type = encodings.get(type) ?? webFormats.get(type)
    if (cipher != null) options.cipher = cipher
    if (passphrase != null) options.passphrase = copyBytes(passphrase)
    return options
  }

  return {
    KeyObjectHandle: KeyObjectHandle as new () => KeyHandle,
    adopt: (type, id) => new KeyObjectHandle(new Adopted(type, id)) as unknown as KeyHandle,
    secretHandle(bytes) {
      const handle = new KeyObjectHandle()
      handle.init(kSecret, bytes)
      return handle as unknown as KeyHandle
    },
    unparcel({ type, bytes }) {
      const handle = new KeyObjectHandle()
      const isPublic = type === kPublic
      const encoding = constant(isPublic ? 'kKeyEncodingSPKI' : 'kKeyEncodingPKCS8')
      handle.init(type, bytes, type === kSecret ? null : constant('kKeyFormatDER'), encoding)
      return handle as unknown as KeyHandle
    },
    specOf,
    exportOptions,
  }
}

function copyBytes(data: unknown): Uint8Array {
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
  }
  return new Uint8Array(data as ArrayBuffer).slice()
}

const jwkFields = 'kty crv x y d n e p q dp dq qi k alg pub priv use ext kid key_ops'.split(' ')

/** The fields a key is made of, as plain data that can cross the door. */
function plainJwk(data: unknown): NodeObject {
  const jwk: NodeObject = {}
  for (const field of jwkFields) {
    const value = (data as NodeObject)[field]
    if (value === undefined) continue
    jwk[field] = typeof value === 'string' || typeof value === 'boolean' ? value : null
  }
  return jwk
}

function jwkSecret(crypto: CryptoContext, data: unknown): Uint8Array {
  const { k } = data as NodeObject
  if (typeof k === 'string') return crypto.decode(k, 'base64url')
  throw Object.assign(new Error('Invalid JWK secret key format'), {
    code: 'ERR_CRYPTO_INVALID_JWK',
  })
}

/** Compares in time that depends only on the length. */
export function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}
