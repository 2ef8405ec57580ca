import type { NodeFunction, NodeObject } from '../../isolate/env.ts'
import type { CryptoContext } from './context.ts'

/** Does a job's work now and gives its result; what it throws is the job's failure. */
export type Perform = () => unknown

/**
 * A job class of the crypto binding, `new Job(mode, ...args)`. The host works synchronously; an asynchronous job delivers
 * what it found as a finished threadpool job would.
 *
 * @param prepare reads and copies the arguments after `mode`
 * @param toWebResult turns the result into what WebCrypto resolves with
 */
export function defineJob(
  crypto: CryptoContext,
  name: string,
  prepare: (...args: never[]) => Perform,
  toWebResult: (result: unknown, args: unknown[]) => unknown = (result) => result,
): NodeObject {
  const { env, constants } = crypto
  const ids = () => env.internalBinding('async_wrap').async_id_fields as Float64Array

  class Job {
    ondone: NodeFunction | undefined
    #mode: number
    #args: unknown[]
    #perform: Perform
    #asyncId: number

    constructor(mode: number, ...args: unknown[]) {
      this.#mode = mode
      this.#args = args
      this.#perform = prepare(...(args as never[]))
      const counters = ids()
      this.#asyncId = (counters[2] ?? 0) + 1
      counters[2] = this.#asyncId
    }

    getAsyncId(): number {
      return this.#asyncId
    }

    run(): unknown {
      const { error, result } = attempt(this.#perform)
      if (this.#mode === constants.kCryptoJobSync) return [error, result]
      if (this.#mode === constants.kCryptoJobWebCrypto) return this.#promise(error, result)
      env.loop.queueJob(() => {
        const args = error === undefined ? [undefined, result] : [error]
        Reflect.apply(this.ondone as NodeFunction, this, args)
      })
      return undefined
    }

    #promise(error: unknown, result: unknown): Promise<unknown> {
      return new Promise((resolve, reject) => {
        env.loop.queueJob(() => {
          if (error === undefined) resolve(toWebResult(result, this.#args))
          else reject(operationError(crypto, error))
        })
      })
    }
  }
  Object.defineProperty(Job, 'name', { value: name, configurable: true })
  return { [name]: Job }
}

/**
 * Runs the work. Faults of the arguments are thrown, as the real constructors do; faults of OpenSSL are the job's result.
 */
function attempt(perform: Perform): { error?: unknown; result?: unknown } {
  try {
    return { result: perform() }
  } catch (error) {
    const code = String((error as NodeObject).code ?? '')
    const isJobFault = !code.startsWith('ERR_') || code.startsWith('ERR_OSSL') || jobCodes.has(code)
    if (isJobFault) return { error }
    throw error
  }
}

const jobCodes = new Set(['ERR_CRYPTO_OPERATION_FAILED', 'ERR_OPERATION_FAILED'])

function operationError(crypto: CryptoContext, cause: unknown): Error {
  return crypto.domException('The operation failed for an operation-specific reason', {
    name: 'OperationError',
    cause,
  })
}
