import * as crypto from 'node:crypto'
import { integer } from '../arguments.ts'
import type { DoorOps } from '../door.ts'

const maxBytes = 16 * 1024 * 1024

/**
 * Random bytes. With a seed they are the ChaCha20 keystream of it, so that a run repeats byte for byte. Nothing else of a
 * program's randomness comes from here: keys and signatures use the host's own generator.
 */
export function randomOps(): DoorOps {
  let stream: crypto.Cipheriv | undefined
  return {
    random(seed: unknown, count: unknown) {
      const size = integer(count, 0, maxBytes)
      if (typeof seed !== 'number') return crypto.randomBytes(size)
      stream ??= crypto.createCipheriv('chacha20', seedKey(seed), Buffer.alloc(16))
      return stream.update(Buffer.alloc(size))
    },
  }
}

function seedKey(seed: number): Buffer {
  return crypto.createHash('sha256').update(`assay random bytes ${seed}`).digest()
}
