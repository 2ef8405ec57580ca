import * as crypto from 'node:crypto'
import { bytes, integer, optionalBytes, optionalInteger, record, text } from '../arguments.ts'
import type { DoorOps } from '../door.ts'

/** AES-KW's default initial value, RFC 3394. */
const wrapIv = Buffer.alloc(8, 0xa6)
const blockBytes = 16

/** Ciphers as WebCrypto uses them: the whole input in one call, the tag at the end of the ciphertext. */
export function webCipherOps(): DoorOps {
  return {
    'web.aes'(
      mode: unknown,
      cipher: unknown,
      isEncrypting: unknown,
      key: unknown,
      input: unknown,
      options: unknown,
    ) {
      const given = record(options)
      const request: Request = {
        cipher: text(cipher),
        isEncrypting: isEncrypting === true,
        key: bytes(key),
        input: bytes(input),
        iv: optionalBytes(given.iv) ?? wrapIv,
        length: optionalInteger(given.length, 0, 128) ?? 0,
        additionalData: optionalBytes(given.additionalData),
      }
      switch (mode) {
        case 'gcm':
        case 'ocb':
          return authenticated(request)
        case 'ctr':
          return counter(request)
        case 'cbc':
        case 'kw':
          return whole(request)
        default:
          throw new TypeError('unknown cipher mode')
      }
    },
  }
}

interface Request {
  cipher: string
  isEncrypting: boolean
  key: Buffer
  input: Buffer
  iv: Buffer
  /** Tag length in bytes, or width of the counter in bits. */
  length: number
  additionalData: Buffer | undefined
}

function whole({ cipher, isEncrypting, key, input, iv }: Request): Buffer {
  const create = isEncrypting ? crypto.createCipheriv : crypto.createDecipheriv
  const run = create(cipher, key, iv)
  return Buffer.concat([run.update(input), run.final()])
}

function authenticated(request: Request): Buffer {
  const { isEncrypting, key, input, iv, additionalData } = request
  const authTagLength = integer(request.length, 4, 16)
  const cipher = request.cipher as crypto.CipherGCMTypes
  if (isEncrypting) {
    const run = crypto.createCipheriv(cipher, key, iv, { authTagLength })
    if (additionalData !== undefined) run.setAAD(additionalData)
    return Buffer.concat([run.update(input), run.final(), run.getAuthTag()])
  }
  const split = input.length - authTagLength
  if (split < 0) throw new Error('Cipher job failed')
  const run = crypto.createDecipheriv(cipher, key, iv, { authTagLength })
  run.setAuthTag(input.subarray(split))
  if (additionalData !== undefined) run.setAAD(additionalData)
  return Buffer.concat([run.update(input.subarray(0, split)), run.final()])
}

/** Only the low `length` bits of the block count; where they wrap, the rest runs from a counter of zero. */
function counter(request: Request): Buffer {
  const { cipher, key, input, iv } = request
  const modulus = 1n << BigInt(integer(request.length, 1, 128))
  const start = BigInt(`0x${iv.toString('hex')}`)
  const blocks = BigInt(Math.ceil(input.length / blockBytes))
  if (blocks > modulus) throw new Error('Cipher job failed')
  const beforeWrap = modulus - (start % modulus)
  const run = (part: Buffer, block: bigint) => {
    const counterBlock = Buffer.from(block.toString(16).padStart(blockBytes * 2, '0'), 'hex')
    return crypto.createCipheriv(cipher, key, counterBlock).update(part)
  }
  if (blocks <= beforeWrap) return run(input, start)
  const split = Number(beforeWrap) * blockBytes
  return Buffer.concat([
    run(input.subarray(0, split), start),
    run(input.subarray(split), start - (start % modulus)),
  ])
}
