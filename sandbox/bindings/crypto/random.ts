import type { NodeObject } from '../../isolate/env.ts'
import { toArrayBuffer } from '../door-call.ts'
import type { CryptoContext } from './context.ts'
import { secretBytes } from './hash.ts'
import { defineJob } from './job.ts'

/** Random bytes: the host's own, or a stream fixed by the program's seed. */
export interface RandomSource {
  bytes(count: number): Uint8Array
}

export function createRandomSource(crypto: CryptoContext): RandomSource {
  return {
    bytes: (count) => crypto.call('random', crypto.env.program?.seed ?? null, count),
  }
}

/** The most bytes one door call brings. */
const chunkBytes = 1024 * 1024

export function randomJobs(crypto: CryptoContext, random: RandomSource): NodeObject {
  const { call } = crypto
  return {
    ...defineJob(
      crypto,
      'RandomBytesJob',
      (target: ArrayBufferView | ArrayBuffer, offset: number, size: number) => () => {
        const bytes = ArrayBuffer.isView(target)
          ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
          : new Uint8Array(target)
        for (let at = 0; at < size; at += chunkBytes) {
          bytes.set(random.bytes(Math.min(chunkBytes, size - at)), offset + at)
        }
      },
    ),
    ...defineJob(
      crypto,
      'RandomPrimeJob',
      (bits: number, isSafe: boolean, add: unknown, rem: unknown) => {
        const args = [add, rem].map((value) => (value === undefined ? null : secretBytes(value)))
        return () => toArrayBuffer(call('prime.generate', bits, isSafe, ...args))
      },
    ),
    ...defineJob(crypto, 'CheckPrimeJob', (candidate: unknown, checks: number) => {
      const bytes = secretBytes(candidate)
      return () => call('prime.check', bytes, checks)
    }),
    secureBuffer: (size: number) => new Uint8Array(size),
    secureHeapUsed: () => 0n,
  }
}
