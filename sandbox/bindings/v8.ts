import { unavailableError } from '../isolate/compose-binding.ts'
import type { BindingFactory } from '../isolate/env.ts'
import { callDoor } from './door-call.ts'

/** Heap figures of this isolate. Profilers, snapshots and flags are not for programs here. */
export const v8: BindingFactory = (env) => {
  const constants = (env.facts.bindingConstants.v8 ?? {}) as Record<string, number>
  const spaces = (env.facts.bindingConstants.v8?.kHeapSpaces ?? []) as string[]
  const heapStatisticsBuffer = new Float64Array(32)
  const heapCodeStatisticsBuffer = new Float64Array(8)
  const heapSpaceStatisticsBuffer = new Float64Array(8)
  const heap = () => callDoor<Record<string, number>>(env, 'process.heap')
  const put = (target: Float64Array, index: string, value: number | undefined) => {
    const at = constants[index]
    if (at !== undefined) target[at] = value ?? 0
  }
  return {
    heapStatisticsBuffer,
    heapCodeStatisticsBuffer,
    heapSpaceStatisticsBuffer,
    updateHeapStatisticsBuffer() {
      const now = heap()
      put(heapStatisticsBuffer, 'kTotalHeapSizeIndex', now.total_heap_size)
      put(heapStatisticsBuffer, 'kTotalHeapSizeExecutableIndex', now.total_heap_size_executable)
      put(heapStatisticsBuffer, 'kTotalPhysicalSizeIndex', now.total_physical_size)
      put(heapStatisticsBuffer, 'kTotalAvailableSize', now.total_available_size)
      put(heapStatisticsBuffer, 'kUsedHeapSizeIndex', now.used_heap_size)
      put(heapStatisticsBuffer, 'kHeapSizeLimitIndex', now.heap_size_limit)
      put(heapStatisticsBuffer, 'kMallocedMemoryIndex', now.malloced_memory)
      put(heapStatisticsBuffer, 'kPeakMallocedMemoryIndex', now.peak_malloced_memory)
      put(heapStatisticsBuffer, 'kDoesZapGarbageIndex', 0)
      put(heapStatisticsBuffer, 'kNumberOfNativeContextsIndex', 1)
      put(heapStatisticsBuffer, 'kExternalMemoryIndex', now.externally_allocated_size)
    },
    updateHeapCodeStatisticsBuffer() {
      heapCodeStatisticsBuffer.fill(0)
    },
    /** An isolate knows only its heap as a whole, which stands as the old space. */
    updateHeapSpaceStatisticsBuffer(index: number) {
      heapSpaceStatisticsBuffer.fill(0)
      if (spaces[index] !== 'old_space') return
      const now = heap()
      put(heapSpaceStatisticsBuffer, 'kSpaceSizeIndex', now.total_heap_size)
      put(heapSpaceStatisticsBuffer, 'kSpaceUsedSizeIndex', now.used_heap_size)
      put(heapSpaceStatisticsBuffer, 'kSpaceAvailableSizeIndex', now.total_available_size)
      put(heapSpaceStatisticsBuffer, 'kPhysicalSpaceSizeIndex', now.total_physical_size)
    },
    cachedDataVersionTag: () => 0,
    isStringOneByteRepresentation(text: string) {
      for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false
      return true
    },
  }
}

/** `v8.queryObjects`, which would let a program count every object of the isolate. */
export const internalOnlyV8: BindingFactory = () => ({
  queryObjects() {
    throw unavailableError('v8.queryObjects')
  },
})
