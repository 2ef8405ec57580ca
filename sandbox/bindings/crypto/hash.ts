import type { NodeObject } from '../../isolate/env.ts'
import { type CryptoContext, isStringEncoding } from './context.ts'
import type { KeyHandle } from './key-handle.ts'

/** Input up to this size stays in the isolate and is hashed in one call; beyond it a host object takes it. */
const heldBytes = 64 * 1024

type Part = Uint8Array | { text: string; encoding: string | undefined }

const partLength = (part: Part) => (part instanceof Uint8Array ? part.length : part.text.length * 2)

/** Input of a digest or MAC: held here while small, handed to a host object when it grows. */
class Input {
  #crypto: CryptoContext
  parts: Part[] = []
  size = 0

  constructor(crypto: CryptoContext) {
    this.#crypto = crypto
  }

  add(data: unknown, encoding: unknown): void {
    const part: Part =
      typeof data === 'string'
        ? { text: data, encoding: isStringEncoding(encoding) ? encoding : undefined }
        : copyOf(data as ArrayBufferView)
    this.parts.push(part)
    this.size += partLength(part)
  }

  /** Everything held, as door arguments: bytes or text, and the text's encoding. */
  take(): [Uint8Array | string, string | undefined] {
    const [only] = this.parts
    const isSingle = this.parts.length === 1
    const joined = isSingle ? undefined : joinParts(this.#crypto, this.parts)
    this.parts = []
    this.size = 0
    if (joined !== undefined || only === undefined) return [joined ?? new Uint8Array(0), undefined]
    return only instanceof Uint8Array ? [only, undefined] : [only.text, only.encoding]
  }
}

function copyOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice()
}

function joinParts(crypto: CryptoContext, parts: Part[]): Uint8Array {
  const chunks = parts.map((part) =>
    part instanceof Uint8Array ? part : crypto.decode(part.text, part.encoding),
  )
  const joined = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    joined.set(chunk, at)
    at += chunk.length
  }
  return joined
}

interface HashOptions {
  outputLength: number | undefined
  functionName: unknown
  customization: unknown
}

/** `Hash`, `Hmac`, `Mac`, `oneShotDigest` of the crypto binding. */
export function hashBinding(crypto: CryptoContext): NodeObject {
  const { call, remotes, encode } = crypto
  const checked = new Set<string>()

  /** Asks the host once per algorithm and length whether they can be used; throws as the real constructor does. */
  function check(algorithm: string, options: HashOptions): void {
    const isPlain = options.functionName === undefined && options.customization === undefined
    const key = `${algorithm}\n${options.outputLength}`
    if (isPlain && checked.has(key)) return
    call('hash.check', algorithm, plainOptions(options))
    if (isPlain) checked.add(key)
  }

  class Hash {
    #algorithm: string
    #options: HashOptions
    #input = new Input(crypto)
    #id: number | undefined
    #digest: Uint8Array | string | undefined
    #digestEncoding: unknown

    constructor(
      algorithm: string | Hash,
      outputLength: number | undefined,
      _algorithmId: number,
      _cache: unknown,
      functionName?: unknown,
      customization?: unknown,
    ) {
      if (typeof algorithm === 'string') {
        this.#algorithm = algorithm
        this.#options = { outputLength, functionName, customization }
        check(algorithm, this.#options)
        return
      }
      this.#algorithm = algorithm.#algorithm
      this.#options = { ...algorithm.#options, outputLength }
      if (outputLength !== undefined) check(this.#algorithm, this.#options)
      this.#input.parts = [...algorithm.#input.parts]
      this.#input.size = algorithm.#input.size
      if (algorithm.#id !== undefined) {
        this.#id = remotes.track(this, call('hash.copy', algorithm.#id, outputLength))
      }
    }

    update(data: unknown, encoding: unknown): boolean {
      this.#input.add(data, encoding)
      if (this.#input.size > heldBytes) {
        this.#id ??= remotes.track(
          this,
          call('hash.create', this.#algorithm, plainOptions(this.#options)),
        )
        call('hash.update', this.#id, ...this.#input.take())
      }
      return true
    }

    digest(encoding?: unknown): string | Uint8Array {
      if (this.#digest === undefined) {
        this.#digestEncoding = isStringEncoding(encoding) ? encoding : undefined
        this.#digest =
          this.#id === undefined
            ? call<string | Uint8Array>(
                'hash.digest',
                this.#algorithm,
                plainOptions(this.#options),
                ...this.#input.take(),
                this.#digestEncoding,
              )
            : call<string | Uint8Array>(
                'hash.final',
                this.#id,
                ...this.#input.take(),
                this.#digestEncoding,
              )
        if (this.#id !== undefined) remotes.release(this.#id)
        this.#id = undefined
      }
      const made = this.#digest
      if (typeof made === 'string') {
        if (encoding === this.#digestEncoding) return made
        return encode(crypto.decode(made, this.#digestEncoding), encoding)
      }
      return encode(made, encoding)
    }
  }

  class Hmac {
    #algorithm = ''
    #key: unknown
    #input = new Input(crypto)
    #id: number | undefined

    init(algorithm: string, key: KeyHandle | ArrayBufferView | ArrayBuffer): void {
      this.#algorithm = algorithm
      this.#key = secretBytes(key)
      if (checked.has(`hmac\n${algorithm}`)) return
      call('hmac.check', algorithm)
      checked.add(`hmac\n${algorithm}`)
    }

    update(data: unknown, encoding: unknown): boolean {
      this.#input.add(data, encoding)
      if (this.#input.size > heldBytes) {
        this.#id ??= remotes.track(this, call('hmac.create', this.#algorithm, this.#key))
        call('hash.update', this.#id, ...this.#input.take())
      }
      return true
    }

    digest(encoding?: unknown): string | Uint8Array {
      const name = isStringEncoding(encoding) ? encoding : undefined
      const [data, dataEncoding] = this.#input.take()
      const id = this.#id
      const made =
        id === undefined
          ? call<string | Uint8Array>(
              'hmac.digest',
              this.#algorithm,
              this.#key,
              data,
              dataEncoding,
              name,
            )
          : call<string | Uint8Array>('hash.final', id, data, dataEncoding, name)
      if (id !== undefined) remotes.release(id)
      this.#id = undefined
      return typeof made === 'string' ? made : crypto.buffer(made)
    }
  }

  class Mac {
    #id: number

    constructor(
      name: string,
      _id: number,
      _cache: unknown,
      key: KeyHandle | ArrayBufferView | ArrayBuffer,
      digest?: string,
      cipher?: string,
      iv?: unknown,
      customization?: unknown,
      salt?: unknown,
      outputLength?: number,
    ) {
      const options = definedBytes({ digest, cipher, iv, customization, salt, outputLength })
      this.#id = remotes.track(this, call('mac.create', name, secretBytes(key), options))
    }

    update(data: unknown, encoding: unknown): boolean {
      const name = isStringEncoding(encoding) ? encoding : undefined
      call('mac.update', this.#id, data, name)
      return true
    }

    final(encoding?: unknown): string | Uint8Array {
      const made = call<Uint8Array>('mac.final', this.#id)
      remotes.release(this.#id)
      return encode(made, encoding)
    }
  }

  return {
    Hash,
    Hmac,
    Mac,
    oneShotDigest(
      algorithm: string,
      _algorithmId: number,
      _cache: unknown,
      input: unknown,
      outputEncoding: string,
      _encodingId: number,
      outputLength: number | undefined,
      functionName?: unknown,
      customization?: unknown,
    ) {
      const options = plainOptions({ outputLength, functionName, customization })
      const name = isStringEncoding(outputEncoding) ? outputEncoding : undefined
      const made = call<string | Uint8Array>('hash.oneShot', algorithm, options, input, name)
      return typeof made === 'string' ? made : crypto.buffer(made)
    },
  }
}

/** Bytes of a secret given as a key handle or as bytes. */
export function secretBytes(key: unknown): Uint8Array {
  if (ArrayBuffer.isView(key)) return copyOf(key)
  if (key instanceof ArrayBuffer) return new Uint8Array(key).slice()
  return (key as KeyHandle).secretBytes()
}

function plainOptions(options: HashOptions): NodeObject {
  return definedBytes({ ...options })
}

/** The defined entries, with bytes copied so that they can cross the door. */
export function definedBytes(options: NodeObject): NodeObject {
  const plain: NodeObject = {}
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue
    plain[key] =
      ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? secretBytes(value) : value
  }
  return plain
}
