import { parseEnv } from 'node:util'
import type { DoorHost, DoorOps } from './door.ts'

/** Time, output, exit: what every guest needs. */
export function basicOps(host: DoorHost): DoorOps {
  const encoder = new TextEncoder()
  return {
    'clock.now': () => performance.now() - host.startedAtMs,
    /** Epoch milliseconds at which this guest's real clock reads 0. */
    'clock.origin': () => Date.now() - (performance.now() - host.startedAtMs),
    emit(messageJson: string, bytes: Uint8Array | undefined) {
      const message = JSON.parse(messageJson) as { kind: string }
      host.onOutput(bytes === undefined ? message : { ...message, bytes })
    },
    print(fd: number, data: string | Uint8Array) {
      host.onPrint(
        fd === 2 ? 'stderr' : 'stdout',
        typeof data === 'string' ? encoder.encode(data) : data,
      )
    },
    exit(code: number) {
      host.onExit(code)
    },
    'process.memory'() {
      const heap = host.isolate.getHeapStatisticsSync()
      const external = heap.externally_allocated_size
      return [
        heap.total_heap_size + external,
        heap.total_heap_size,
        heap.used_heap_size,
        external,
        external,
      ]
    },
    'process.heap': () => ({ ...host.isolate.getHeapStatisticsSync() }),
    'process.cpuMicros': () => Number(host.isolate.cpuTime / 1000n),
    'util.parseEnv': (text: string) => ({ ...parseEnv(text) }),
  }
}
