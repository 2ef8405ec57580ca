import type { Clock } from './clock.ts'
import { unavailableError } from './compose-binding.ts'

/**
 * Makes `Date` read the world's clock. Done before Node's primordials are taken, so Node's own code and the program
 * agree. A proxy keeps `Date.toString()`, `length`, `name` and subclassing as they were.
 */
export function virtualizeDate(clock: Clock): void {
  const HostDate = Date
  const proxy = new Proxy(HostDate, {
    apply: () => new HostDate(clock.epochNowMs()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(
        target,
        args.length === 0 ? [clock.epochNowMs()] : args,
        newTarget,
      ) as object,
  })
  Object.defineProperty(HostDate, 'now', {
    value: { now: () => clock.epochNowMs() }.now,
    writable: true,
    enumerable: false,
    configurable: true,
  })
  Object.defineProperty(HostDate.prototype, 'constructor', {
    value: proxy,
    writable: true,
    enumerable: false,
    configurable: true,
  })
  Object.defineProperty(globalThis, 'Date', {
    value: proxy,
    writable: true,
    enumerable: false,
    configurable: true,
  })
}

/** Seeds `Math.random` (mulberry32), so that a run can be repeated byte for byte. */
export function seedRandom(seed: number): void {
  let state = seed >>> 0
  Object.defineProperty(Math, 'random', {
    value: {
      random() {
        state = (state + 0x6d2b79f5) >>> 0
        let t = state
        t = Math.imul(t ^ (t >>> 15), t | 1)
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296
      },
    }.random,
    writable: true,
    enumerable: false,
    configurable: true,
  })
}

/**
 * Takes away what isolated-vm's memory limit does not see (measured: WebAssembly memory, shared and resizable buffers
 * grow past it) and what can block the thread. Done after Node's bootstrap, before any candidate code.
 */
export function removeUnboundedMemory(): void {
  const drop = (target: object, ...names: string[]) => {
    for (const name of names) Reflect.deleteProperty(target, name)
  }
  drop(globalThis, 'WebAssembly', 'SharedArrayBuffer', 'Atomics')
  drop(ArrayBuffer.prototype, 'resize')
  const FixedArrayBuffer = new Proxy(ArrayBuffer, {
    construct(target, args, newTarget) {
      // Methods of arrays are the program's to replace.
      const length: unknown = args[0]
      const options = args[1] as { maxByteLength?: unknown } | undefined
      if (typeof options === 'object' && options?.maxByteLength !== undefined) {
        throw unavailableError('resizable ArrayBuffer')
      }
      return Reflect.construct(target, [length], newTarget) as object
    },
  })
  Object.defineProperty(ArrayBuffer.prototype, 'constructor', {
    value: FixedArrayBuffer,
    writable: true,
    enumerable: false,
    configurable: true,
  })
  Object.defineProperty(globalThis, 'ArrayBuffer', {
    value: FixedArrayBuffer,
    writable: true,
    enumerable: false,
    configurable: true,
  })
}
