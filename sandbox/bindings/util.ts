import { unavailableError } from '../isolate/compose-binding.ts'
import type { BindingFactory, NodeObject } from '../isolate/env.ts'
import { ownPromises } from '../isolate/own-promises.ts'
import { settledStateOf } from '../isolate/settled-promises.ts'
import { readCallSites } from './call-sites.ts'
import { createOwnNonIndexProperties } from './own-properties.ts'
import { isOwnProxy } from './own-proxies.ts'
import { createPreviewEntries } from './preview-entries.ts'

const kPending = 0
const cwdCounterBytes = 4

export const util: BindingFactory = (env) => ({
  privateSymbols: env.privateSymbols,
  shouldAbortOnUncaughtToggle: new Uint32Array(1),
  isInsideNodeModules: () => false,
  defineLazyProperties(target: object, id: string, keys: string[], isEnumerable = true) {
    for (const key of keys) defineLazy(env.requireBuiltin, target, id, key, isEnumerable)
  },
  getOwnNonIndexProperties: createOwnNonIndexProperties(env),
  getConstructorName(value: object) {
    for (
      let object: object | null = value;
      object !== null;
      object = Object.getPrototypeOf(object)
    ) {
      const Class = Object.getOwnPropertyDescriptor(object, 'constructor')?.value as unknown
      if (typeof Class === 'function' && Class.name !== '') return Class.name
    }
    return ''
  },
  getExternalValue: () => 0n,
  /** Pending for every promise that is not known to be settled, which most of a program's own are not. */
  getPromiseDetails: (promise: object) => settledStateOf(promise) ?? [kPending, undefined],
  getProxyDetails(value: unknown, isShowing = true) {
    if (!env.intrinsics.isProxy(value) || isOwnProxy(value)) return undefined
    const target = env.intrinsics.proxyTarget(value)
    return isShowing ? [target, env.intrinsics.proxyHandler(value)] : target
  },
  getCallerLocation: () => undefined,
  previewEntries: createPreviewEntries(env),
  getCallSites: (count: number) => readCallSites(count),
  sleep() {},
  parseEnv: (text: string) => Object.assign(Object.create(null), env.door('util.parseEnv', text)),
  arrayBufferViewHasBuffer: () => true,
  getSharedArrayBufferGrowable: () => false,
  markPromiseAsHandled: (promise: Promise<unknown>) => ownPromises(env).markHandled(promise),
  /** An index into Node's list of handle types: FILE for the standard streams, else UNKNOWN. */
  guessHandleType: (fd: number) => (fd <= 2 ? 3 : 5),
  /** Memory that threads would share. Only the counter of working directories can do without: each thread keeps its own. */
  constructSharedArrayBuffer(size: number) {
    if (size !== cwdCounterBytes) throw unavailableError('memory shared between threads')
    return new ArrayBuffer(size)
  },
  ...typeChecks(env.internalBinding('types')),
})

function typeChecks(types: NodeObject): NodeObject {
  return {
    ...types,
    isArrayBufferView: ArrayBuffer.isView,
    isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
    isUint8Array: (value: unknown) =>
      ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]',
  }
}

function defineLazy(
  requireBuiltin: (id: string) => NodeObject,
  target: object,
  id: string,
  key: string,
  enumerable: boolean,
): void {
  let value: unknown
  let isLoaded = false
  const accessors = {
    get [key]() {
      if (!isLoaded) {
        value = requireBuiltin(id)[key]
        isLoaded = true
      }
      return value
    },
    set [key](next: unknown) {
      Object.defineProperty(target, key, {
        value: next,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    },
  }
  const descriptor = Object.getOwnPropertyDescriptor(accessors, key) as PropertyDescriptor
  Object.defineProperty(target, key, {
    ...descriptor,
    enumerable,
    configurable: true,
  })
}
