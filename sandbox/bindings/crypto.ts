import type { BindingFactory } from '../isolate/env.ts'
import { certificateBinding } from './crypto/certificates.ts'
import { cipherBinding } from './crypto/cipher.ts'
import { createCryptoContext } from './crypto/context.ts'
import { deriveJobs } from './crypto/derive-jobs.ts'
import { exchangeBinding } from './crypto/exchange.ts'
import { hashBinding } from './crypto/hash.ts'
import { areEqual, createKeyClasses } from './crypto/key-handle.ts'
import { keygenJobs } from './crypto/keygen-jobs.ts'
import { createNativeClasses } from './crypto/native-classes.ts'
import { createRandomSource, randomJobs } from './crypto/random.ts'
import { secureContextOf } from './crypto/secure-context.ts'
import { signBinding } from './crypto/sign.ts'
import { webCipherJobs } from './crypto/web-cipher-jobs.ts'
import { x509Binding } from './crypto/x509.ts'

/**
 * Node's `crypto` binding. Key material of secrets, small inputs and everything that needs no OpenSSL stay in the
 * isolate; the rest is done by the host's `node:crypto` over copied bytes and opaque ids.
 */
export const crypto: BindingFactory = (env) => {
  const context = createCryptoContext(env)
  const keys = createKeyClasses(context)
  const native = createNativeClasses(context, keys)
  const random = createRandomSource(context)
  const facts = (env.facts.bindingConstants.crypto ?? {}) as { pqcKeyTypes?: string[] }
  return {
    KeyObjectHandle: keys.KeyObjectHandle,
    ...native.binding,
    ...hashBinding(context),
    ...cipherBinding(context, keys),
    ...signBinding(context, keys),
    ...exchangeBinding(context),
    ...x509Binding(context, keys),
    ...deriveJobs(context, keys),
    ...keygenJobs(context, keys, random, native.cryptoKeyClass),
    ...randomJobs(context, random),
    ...webCipherJobs(context, keys),
    getCachedAliases: () => ({ __proto__: null }),
    getCachedMacAliases: () => ({ __proto__: null }),
    getPqcKeyTypes: () => [...(facts.pqcKeyTypes ?? [])],
    getFipsCrypto: () => 0,
    getFipsCryptoGeneration: () => 0,
    testFipsCrypto: () => false,
    setupFipsIndicatorChannel() {},
    ...certificateBinding(env),
    SecureContext: secureContextOf(env),
    timingSafeEqual,
  }
}

function timingSafeEqual(a: unknown, b: unknown): boolean {
  const [first, second] = [viewOf(a, 'buf1'), viewOf(b, 'buf2')]
  if (first.length !== second.length) {
    throw withCode(
      new RangeError('Input buffers must have the same byte length'),
      'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
    )
  }
  return areEqual(first, second)
}

function viewOf(value: unknown, name: string): Uint8Array {
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  throw withCode(
    new TypeError(
      `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`,
    ),
    'ERR_INVALID_ARG_TYPE',
  )
}

function withCode(error: Error, code: string): Error {
  return Object.assign(error, { code })
}
