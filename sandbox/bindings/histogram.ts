import { unavailableError } from '../isolate/compose-binding.ts'
import type { Env, NodeFunction, NodeObject } from '../isolate/env.ts'
import { callDoor } from './door-call.ts'
import { registerCloner } from './messaging/structured-clone.ts'
import { createRemotes, type Remotes } from './remote.ts'

const numbers = [
  'count',
  'countBigInt',
  'min',
  'minBigInt',
  'max',
  'maxBigInt',
  'mean',
  'exceeds',
  'exceedsBigInt',
  'stddev',
  'skewness',
  'kurtosis',
  'ewmaMean',
  'ewmaStddev',
  'ewmaErrorRate',
]
const queries = ['cdf', 'countAt', 'percentile', 'percentileBigInt']
const unavailable = [
  'meanCI',
  'ksTest',
  'welchTest',
  'mannWhitneyTest',
  'cohensD',
  'cliffsD',
  'percentileCI',
  'qrde',
]

export interface HistogramClasses {
  Histogram: NodeFunction
  createELDHistogram(resolutionMs: number): object
}

/** HDR histograms: the counting is the host's, time is this world's. */
export function createHistogramClasses(env: Env): HistogramClasses {
  const remotes: Remotes = createRemotes(env, 'histogram')
  const call = <T>(op: string, ...args: unknown[]) => callDoor<T>(env, `histogram.${op}`, ...args)
  const nowNs = () => BigInt(Math.round(env.clock.nowMs() * 1e6))

  class Histogram {
    readonly id: number
    #lastNs: bigint | undefined

    constructor(
      lowest: number | bigint,
      highest: number | bigint,
      figures: number,
      halfLife = 0,
      threshold = 0,
    ) {
      const options = { lowest, highest, figures, halfLife, threshold }
      this.id = remotes.track(this, call('create', options))
      registerCloner(this, () => this)
    }

    static import(): never {
      throw unavailableError('importHistogram')
    }

    /** Called before every reading; an event loop histogram brings itself up to date here. */
    refresh(): void {}

    read(name: string, ...args: unknown[]): unknown {
      this.refresh()
      return call('read', this.id, name, ...args)
    }

    record(value: number | bigint): void {
      call('change', this.id, 'record', value)
    }

    recordDelta(): void {
      const now = nowNs()
      if (this.#lastNs !== undefined) this.record(now - this.#lastNs)
      this.#lastNs = now
    }

    recordCorrected(value: number | bigint, interval: number | bigint): void {
      call('change', this.id, 'recordCorrected', value, interval)
    }

    reset(): void {
      call('change', this.id, 'reset')
    }

    add(other: Histogram): unknown {
      return call('combine', this.id, 'add', other.id)
    }

    subtract(other: Histogram): unknown {
      return call('combine', this.id, 'subtract', other.id)
    }

    #fill(name: string, map: Map<unknown, unknown>, ...args: unknown[]): void {
      const entries = this.read(name, ...args) as [unknown, unknown][]
      for (const [key, value] of entries) map.set(key, value)
    }

    percentiles(map: Map<unknown, unknown>): void {
      this.#fill('percentiles', map)
    }

    percentilesBigInt(map: Map<unknown, unknown>): void {
      this.#fill('percentilesBigInt', map)
    }

    percentilesAt(map: Map<unknown, unknown>, points: Float64Array): void {
      this.#fill('percentilesAt', map, [...points])
    }

    linearBuckets(step: number | bigint, map: Map<unknown, unknown>): void {
      this.#fill('linearBuckets', map, step)
    }

    logBuckets(first: number | bigint, base: number, map: Map<unknown, unknown>): void {
      this.#fill('logBuckets', map, first, base)
    }

    export(): Uint8Array {
      return this.read('export') as Uint8Array
    }
  }
  const prototype = Histogram.prototype as unknown as NodeObject
  for (const name of [...numbers, ...queries]) {
    prototype[name] = function (this: Histogram, ...args: unknown[]) {
      return this.read(name, ...args)
    }
  }
  for (const name of unavailable) {
    prototype[name] = () => {
      throw unavailableError(`histogram.${name}`)
    }
  }

  /**
   * Event loop delay, sampled when it is read: in this world the loop turns on time, so a sample is its interval. A timer
   * of its own would make virtual time tick for nothing else.
   */
  class LoopDelayHistogram extends Histogram {
    #resolutionNs: bigint
    #sampledNs: bigint | undefined

    constructor(resolutionMs: number) {
      super(1, 3_600_000_000_000, 3)
      this.#resolutionNs = BigInt(resolutionMs) * 1_000_000n
    }

    start(isResetting: boolean): void {
      if (isResetting) this.reset()
      this.#sampledNs = nowNs()
    }

    stop(): void {
      this.refresh()
      this.#sampledNs = undefined
    }

    override refresh(): void {
      if (this.#sampledNs === undefined) return
      const due = (nowNs() - this.#sampledNs) / this.#resolutionNs
      if (due <= 0n) return
      this.#sampledNs += due * this.#resolutionNs
      call('repeat', this.id, this.#resolutionNs, Number(due))
    }
  }

  return {
    Histogram: Histogram as unknown as NodeFunction,
    createELDHistogram: (resolutionMs) => new LoopDelayHistogram(resolutionMs),
  }
}
