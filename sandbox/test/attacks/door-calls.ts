import type { choices as Choices } from './random.ts'

/**
 * Runs inside an isolate, sent as text: calls door operations with values that no binding of ours would send. Answers how
 * often, and what must not be: an answer without bounds, or one with a text of the host in it.
 */
export function callDoorAtRandom(
  door: (op: string, ...args: unknown[]) => unknown,
  choices: typeof Choices,
  json: string,
): string {
  const { names, seed, count, forbidden } = JSON.parse(json) as {
    names: string[]
    seed: number
    count: number
    forbidden: string[]
  }
  const { below, pick } = choices(seed)
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const words = [
    '',
    'x',
    'sha256',
    'shake128',
    'aes-128-gcm',
    'aes-256-cbc',
    'chacha20-poly1305',
    'rsa',
    'rsa-pss',
    'ec',
    'ed25519',
    'x25519',
    'P-256',
    'prime256v1',
    'modp14',
    'der',
    'pem',
    'jwk',
    'raw',
    'pkcs1',
    'pkcs8',
    'spki',
    'utf8',
    'latin1',
    'hex',
    'base64',
    'Zlib',
    'BrotliDecoder',
    'ZstdCompress',
    'percentiles',
    'count',
    'record',
    'update',
    'generateKeys',
    'getPublicKey',
    'checkHost',
    'gcm',
    'ctr',
    'kw',
    'argon2id',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '../..',
    '/etc/passwd',
    '\0',
    '\ud800',
    'strip-only',
    'enum A {}',
    'http://a/b?c#d',
    '::',
    'xn--a',
    'fs',
    'internal/util',
    'throw new Error("x")',
    'export const a = 1',
    'import "a"',
    '})',
    'x'.repeat(70_000),
  ]
  const numbers = [
    0,
    -0,
    1,
    2,
    3,
    4,
    7,
    8,
    12,
    16,
    32,
    64,
    -1,
    0.5,
    NaN,
    Infinity,
    -Infinity,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    1e300,
  ]
  const small = [0, 1, 2, 3, 8, 16, -1, 0.5, NaN]
  // Work by which a program would only burn its own time.
  const isSlow = (name: string) =>
    /pbkdf2|scrypt|argon2|key|dh|prime|exchange|repeat|random|sign/i.test(name)
  const detached = () => {
    const bytes = new Uint8Array(8)
    ;(bytes.buffer as ArrayBuffer & { transfer?(): void }).transfer?.()
    return bytes
  }
  let depth = 0
  const value = (isSmall: boolean): unknown => {
    depth++
    try {
      // One value that cannot be cloned keeps the whole call from the host: few of them.
      const kind = below(depth > 4 ? 6 : 22)
      const isExotic = (kind >= 6 && kind <= 10) || kind === 12 || kind === 15
      switch (isExotic && below(6) > 0 ? 1 + below(5) : kind) {
        case 0:
        case 1:
          return pick(words)
        case 2:
        case 3:
          return pick(isSmall ? small : numbers)
        case 4:
          return pick([undefined, null, true, false])
        case 5:
          return new Uint8Array(below(64)).fill(below(256))
        case 6:
          return pick([Symbol('x'), Symbol.iterator, 10n, -(2n ** 70n)])
        case 7:
          return pick([() => {}, function named() {}, class {}, async () => {}])
        case 8:
          return new Proxy({}, { get: () => value(isSmall), ownKeys: () => ['a'] })
        case 9:
          return revoked.proxy
        case 10:
          return {
            get length(): number {
              throw new Error('getter')
            },
          }
        case 11:
          return JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}}}')
        case 12:
          return detached()
        case 13:
          return Array.from({ length: below(5) }, () => value(isSmall))
        case 14:
          return new Date(below(2) === 0 ? NaN : 0)
        case 15:
          return pick([
            /x/g,
            new Map([[1, {}]]),
            new Set([1]),
            new WeakMap(),
            new Error('x'),
            new ArrayBuffer(8),
            new Float64Array(2),
            new DataView(new ArrayBuffer(4)),
          ])
        case 16:
          return {
            params: new Uint32Array(below(12)),
            format: pick(words),
            type: pick(words),
            key: value(isSmall),
            passphrase: value(isSmall),
          }
        case 17:
          return {
            N: pick(small),
            r: pick(small),
            p: pick(small),
            maxmem: pick(small),
            lowest: pick(numbers),
            highest: pick(numbers),
            figures: pick(small),
            iv: value(isSmall),
            length: pick(small),
          }
        case 18:
          return {
            id: pick(small),
            kty: pick(['EC', 'RSA', 'oct', 'OKP']),
            crv: pick(words),
            x: pick(words),
            y: pick(words),
            d: pick(words),
            n: pick(words),
            e: 'AQAB',
          }
        case 19:
          return [pick(small), pick(small), pick(small)]
        case 20:
          return JSON.stringify({ kind: pick(words), id: pick(small) })
        default:
          return Object.fromEntries(
            Array.from({ length: below(4) }, () => [pick(words), value(isSmall)]),
          )
      }
    } finally {
      depth--
    }
  }

  const bad: string[] = []
  const look = (name: string, text: string) => {
    for (const each of forbidden)
      if (text.includes(each)) bad.push(`${name} says ${text.slice(0, 300)}`)
  }
  let calls = 0
  let refusals = 0
  for (; calls < count && bad.length < 10; calls++) {
    const name = below(50) === 0 ? pick(words) : pick(names)
    const args = Array.from({ length: below(7) }, () => value(isSlow(name)))
    try {
      const answer = door(name, ...args)
      if (typeof answer === 'object' && answer !== null) {
        const { refused, message, fault } = answer as {
          refused?: unknown
          message?: unknown
          fault?: unknown
        }
        if (refused !== undefined) refusals++
        if (
          refused !== undefined &&
          (typeof refused !== 'string' || refused.length > 100 || String(message).length > 500)
        )
          bad.push(`${name} refuses without bounds`)
        const text = JSON.stringify(fault ?? { refused, message }) ?? ''
        if (text.length > 300_000) bad.push(`${name} fails without bounds`)
        look(name, text)
      } else look(name, String(typeof answer === 'string' ? answer.slice(0, 10_000) : ''))
    } catch (error) {
      // Values that cannot be cloned are refused in this realm; nothing of the host's is thrown here.
      let text = ''
      try {
        text = String((error as Error)?.stack)
      } catch {}
      look(name, text)
    }
  }
  return JSON.stringify({ calls, refusals, bad })
}
