import { failure } from './codes.ts'
import type { HeaderField } from './hpack-tables.ts'
import { type Priority, parsePriority } from './priority-field.ts'

const token = /^[!#$%&'*+\-.0-9^_`a-z|~]+$/
const valueCharacters = /^[\t\x20-\x7e\x80-\xff]*$/
const methodCharacters = /^[!#$%&'*+\-.0-9A-Z^_`a-z|~]+$/
const pathCharacters = /^[\x21-\x7e\x80-\xff]*$/
const authorityCharacters = /^[!$%&'()*+,\-.0-9:;=A-Z[\]_a-z~]*$/
const scheme = /^[A-Za-z][A-Za-z0-9+\-.]*$/
const blank = /^[ \t]*$/

/** Fields of HTTP/1 connections; a message with one is malformed. */
const forbidden = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

const knownPseudo = new Set([':authority', ':method', ':path', ':scheme', ':status', ':protocol'])

/** Content lengths are 63 bits wide; beyond that they count as broken. */
const maxLength = 2n ** 63n - 1n

/** What a peer's messages on one stream must look like (RFC 9113, 8), checked field by field as they are decoded. */
export class MessageRules {
  #streamId: number
  #keepsWhitespace: boolean
  #seen = new Set<string>()
  #isPastPseudo = false
  #isHead = false
  #isConnect = false
  #isOptions = false
  #isHttpScheme = false
  #path: 'regular' | 'asterisk' | 'other' = 'other'
  #expectsFinal = false
  #status = -1
  #length = -1
  #received = 0
  #hasBadPriority = false
  #priority: Priority = { urgency: 3, isIncremental: false }
  #hasPriority = false

  /** @param keepsWhitespace accepts values with white space around them */
  constructor(streamId: number, keepsWhitespace: boolean) {
    this.#streamId = streamId
    this.#keepsWhitespace = keepsWhitespace
  }

  /** Only interim responses have come so far. */
  get expectsFinal(): boolean {
    return this.#expectsFinal
  }

  /** What the request's `priority` field asked for, if it had a good one. */
  get priority(): Priority | undefined {
    return this.#hasPriority ? this.#priority : undefined
  }

  /** Remembers the method of a request that we send: the answer to HEAD has no body. */
  recordRequest(fields: readonly HeaderField[]): void {
    const method = fields.find(({ name }) => name === ':method')?.value
    if (method === 'CONNECT') this.#isConnect = true
    else if (method === 'HEAD') this.#isHead = true
  }

  /** 0, or what is wrong with a field: the message is malformed, or only the field is to be ignored. */
  onField(
    field: HeaderField,
    kind: { isRequest: boolean; isTrailer: boolean; allowsProtocol: boolean },
  ): number {
    const { name } = field
    if (name.length === 0) {
      this.#isPastPseudo = true
      return failure.ignoreHeader
    }
    if (name.startsWith(':')) {
      if (!knownPseudo.has(name) || kind.isTrailer || this.#isPastPseudo) return failure.httpHeader
    } else {
      this.#isPastPseudo = true
      if (!token.test(name)) {
        return isFirstFlawUpperCase(name) ? failure.httpHeader : failure.ignoreHeader
      }
    }
    return kind.isRequest
      ? this.#requestField(field, kind.isTrailer, kind.allowsProtocol)
      : this.#responseField(field)
  }

  /** False when a request (or a promised one) lacks what it must have. */
  onRequestEnd(isPromise: boolean): boolean {
    const has = (name: string) => this.#seen.has(name)
    if (!has(':protocol') && this.#isConnect) {
      if (has(':scheme') || has(':path') || !has(':authority')) return false
      this.#length = -1
    } else {
      if (!has(':method') || !has(':path') || !has(':scheme')) return false
      if (!has(':authority') && !has('host')) return false
      if (has(':protocol') && (!this.#isConnect || !has(':authority'))) return false
      if (!this.#isPathValid()) return false
    }
    if (isPromise) {
      this.#forgetFields()
      this.#length = -1
    }
    return true
  }

  onResponseEnd(): boolean {
    if (!this.#seen.has(':status')) return false
    if (Math.floor(this.#status / 100) === 1) {
      this.#forgetFields()
      this.#expectsFinal = true
      this.#length = -1
      this.#status = -1
      return true
    }
    this.#expectsFinal = false
    const hasBody = !this.#isHead && this.#status !== 304 && this.#status !== 204
    if (!hasBody) this.#length = 0
    else if (this.#isConnect) this.#length = -1
    return true
  }

  onDataChunk(count: number): boolean {
    this.#received += count
    if (this.#expectsFinal) return false
    return this.#length === -1 || this.#received <= this.#length
  }

  onEnd(): boolean {
    if (this.#expectsFinal) return false
    return this.#length === -1 || this.#length === this.#received
  }

  #requestField({ name, value }: HeaderField, isTrailer: boolean, allowsProtocol: boolean): number {
    switch (name) {
      case ':authority':
        return authorityCharacters.test(value) ? this.#pseudo(name, value) : failure.httpHeader
      case ':method':
        return this.#method(value)
      case ':path':
        if (!pathCharacters.test(value) || this.#pseudo(name, value) !== 0) {
          return failure.httpHeader
        }
        this.#path = value.startsWith('/') ? 'regular' : value === '*' ? 'asterisk' : 'other'
        return 0
      case ':scheme':
        if (!scheme.test(value) || this.#pseudo(name, value) !== 0) return failure.httpHeader
        if (/^https?$/i.test(value)) this.#isHttpScheme = true
        return 0
      case ':protocol':
        if (!allowsProtocol || this.#pseudo(name, value) !== 0) return failure.httpHeader
        if (this.#keepsWhitespace && blank.test(value)) return failure.httpHeader
        return this.#isValueValid(value) ? 0 : failure.httpHeader
      case 'host':
        if (!authorityCharacters.test(value)) return failure.ignoreHeader
        return this.#pseudo(name, value)
      case 'content-length':
        return this.#takeLength(value)
      case 'priority':
        return this.#takePriority(value, isTrailer)
      default:
        return this.#otherField(name, value)
    }
  }

  #method(value: string): number {
    if (!methodCharacters.test(value) || this.#pseudo(':method', value) !== 0) {
      return failure.httpHeader
    }
    if (value === 'HEAD') this.#isHead = true
    else if (value === 'OPTIONS') this.#isOptions = true
    else if (value === 'CONNECT') {
      if (this.#streamId % 2 === 0) return failure.httpHeader
      this.#isConnect = true
    }
    return 0
  }

  #responseField({ name, value }: HeaderField): number {
    if (name === ':status') {
      if (this.#pseudo(name, value) !== 0) return failure.httpHeader
      this.#status = /^[1-9]\d\d$/.test(value) ? Number(value) : -1
      return this.#status === -1 || this.#status === 101 ? failure.httpHeader : 0
    }
    if (name !== 'content-length') return this.#otherField(name, value)
    if (this.#status === 204) {
      // Forbidden in a 204, but servers that send a zero are let pass.
      if (this.#length !== -1 || value !== '0') return failure.httpHeader
      this.#length = 0
      return failure.removeHeader
    }
    const kind = Math.floor(this.#status / 100)
    if (kind === 1) return failure.httpHeader
    if (kind === 2 && this.#isConnect) return failure.removeHeader
    return this.#takeLength(value)
  }

  #otherField(name: string, value: string): number {
    if (forbidden.has(name)) return failure.httpHeader
    if (name === 'te') return /^trailers$/i.test(value) ? 0 : failure.httpHeader
    if (name.startsWith(':')) return failure.httpHeader
    return this.#isValueValid(value) ? 0 : failure.ignoreHeader
  }

  /** A pseudo-header field (and `host`) may come once and is never empty. */
  #pseudo(name: string, value: string): number {
    if (this.#seen.has(name) || value.length === 0) return failure.httpHeader
    this.#seen.add(name)
    return 0
  }

  #takeLength(value: string): number {
    if (this.#length !== -1 || !/^\d+$/.test(value)) return failure.httpHeader
    if (value.length > 4096 || BigInt(value) > maxLength) return failure.httpHeader
    this.#length = Number(value)
    return 0
  }

  #takePriority(value: string, isTrailer: boolean): number {
    if (!this.#isValueValid(value)) {
      this.#hasPriority = false
      this.#hasBadPriority = true
      return failure.ignoreHeader
    }
    if (isTrailer || this.#streamId % 2 === 0 || this.#hasBadPriority) return 0
    const priority = parsePriority(value, this.#priority)
    this.#hasPriority = priority !== undefined
    this.#hasBadPriority = priority === undefined
    if (priority !== undefined) this.#priority = priority
    return 0
  }

  #isValueValid(value: string): boolean {
    return valueCharacters.test(value) && (this.#keepsWhitespace || !/^[ \t]|[ \t]$/.test(value))
  }

  #isPathValid(): boolean {
    if (!this.#isHttpScheme || this.#path === 'regular') return true
    return this.#isOptions && this.#path === 'asterisk'
  }

  /** The response to come is checked from the start; only the method is remembered. */
  #forgetFields(): void {
    this.#seen.clear()
    this.#isPastPseudo = false
    this.#isHttpScheme = false
    this.#path = 'other'
    this.#hasPriority = false
    this.#hasBadPriority = false
  }
}

/** An upper-case letter makes a message malformed, unless another bad character comes before it. */
function isFirstFlawUpperCase(name: string): boolean {
  const flaw = /[^!#$%&'*+\-.0-9^_`a-z|~]/.exec(name)
  return flaw !== null && /[A-Z]/.test(flaw[0])
}
