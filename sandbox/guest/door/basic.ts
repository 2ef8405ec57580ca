import { parseEnv } from 'node:util'
import type { DoorHost, DoorOps } from './door.ts'

const isMessage = (value: unknown): value is { kind: string } =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { kind?: unknown }).kind === 'string'

/** Time, output, exit: what every guest needs. */
export function basicOps(host: DoorHost): DoorOps {
  const encoder = new TextEncoder()
  return {
    'clock.now': () => performance.now() - host.startedAtMs,
    /** Epoch milliseconds at which this guest's real clock reads 0. */
    'clock.origin': () => Date.now() - (performance.now() - host.startedAtMs),
    emit(messageJson: string, bytes: unknown) {
      const message: unknown = JSON.parse(messageJson)
      // A program that broke what our code in its realm is made of: its message is lost, the frame is not.
      if (!isMessage(message)) throw new TypeError('expected a message with a kind')
      if (bytes !== undefined && !(bytes instanceof Uint8Array)) {
        throw new TypeError(`expected bytes, got ${typeof bytes}`)
      }
      host.onOutput(bytes === undefined ? message : { ...message, bytes })
    },
    print(fd: number, data: unknown) {
      host.onPrint(
        fd === 2 ? 'stderr' : 'stdout',
        data instanceof Uint8Array ? data : encoder.encode(String(data)),
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
