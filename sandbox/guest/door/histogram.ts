import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { remoteLimits } from '../../isolate/remote-limits.ts'
import { integer, record, text } from './arguments.ts'
import type { DoorOps } from './door.ts'
import { guarded } from './guarded.ts'
import { createObjectTable } from './object-table.ts'

const maxRepeats = 10_000

type Member = Record<string, unknown>
const readable = new Set([
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
  'cdf',
  'countAt',
  'percentile',
  'percentileBigInt',
  'percentiles',
  'percentilesBigInt',
  'percentilesAt',
  'linearBuckets',
  'logBuckets',
  'export',
])
const changing = new Set(['record', 'recordCorrected', 'reset'])

/** `histogram.*`: HDR histograms by id. */
export function histogramOps(): DoorOps {
  const histograms = createObjectTable<RecordableHistogram>('histograms', remoteLimits.histogram)
  return guarded({
    'histogram.create'(options: unknown) {
      const { lowest, highest, figures, halfLife, threshold } = record(options)
      return histograms.add(
        createHistogram({ lowest, highest, figures, halfLife, threshold } as never),
      )
    },
    'histogram.read'(id: unknown, name: unknown, ...args: unknown[]) {
      const member = text(name)
      if (!readable.has(member)) throw new TypeError('unknown reading')
      const histogram = histograms.select(id) as unknown as Member
      const value = histogram[member]
      const result = typeof value === 'function' ? Reflect.apply(value, histogram, args) : value
      return result instanceof Map ? [...result] : result
    },
    'histogram.change'(id: unknown, name: unknown, ...args: unknown[]) {
      const member = text(name)
      if (!changing.has(member)) throw new TypeError('unknown change')
      const histogram = histograms.select(id) as unknown as Member
      Reflect.apply(histogram[member] as () => void, histogram, args)
    },
    'histogram.combine'(id: unknown, name: unknown, other: unknown) {
      const histogram = histograms.select(id) as unknown as Member
      const member = name === 'subtract' ? 'subtract' : 'add'
      Reflect.apply(histogram[member] as () => void, histogram, [histograms.select(other)])
    },
    'histogram.repeat'(id: unknown, value: unknown, times: unknown) {
      const histogram = histograms.select(id)
      const count = Math.min(integer(times, 0, Number.MAX_SAFE_INTEGER), maxRepeats)
      for (let i = 0; i < count; i++) histogram.record(value as bigint)
    },
    'histogram.release': (ids: unknown) => histograms.release(ids),
  })
}
