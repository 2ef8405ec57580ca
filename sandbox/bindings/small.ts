import type { BindingFactory } from '../isolate/env.ts'

/** Bindings of which the sandbox needs only that they can be asked and have nothing to say. */

export const diagnosticsChannel: BindingFactory = () => ({
  subscribers: new Uint32Array(64),
  linkNativeChannel() {},
  notifyChannelActive() {},
  notifyChannelInactive() {},
})

export const mksnapshot: BindingFactory = () => ({
  isBuildingSnapshotBuffer: new Uint8Array(1),
  runEmbedderPreload() {},
  setSerializeCallback() {},
  setDeserializeCallback() {},
  setDeserializeMainFunction() {},
})

export const permission: BindingFactory = () => ({
  has: () => true,
  drop() {},
})

export const report: BindingFactory = () => ({
  shouldReportOnUncaughtException: () => false,
  // Node switches reports off around a capture callback; there are none to switch.
  setReportOnUncaughtException() {},
  shouldReportOnSignal: () => false,
  shouldReportOnFatalError: () => false,
})

export const sea: BindingFactory = () => ({
  isSea: () => false,
  isVfsEnabled: () => false,
  isExperimentalSeaWarningNeeded: () => false,
})

export const traceEvents: BindingFactory = () => ({
  hasAgent: () => false,
  setTraceCategoryStateUpdateHandler() {},
  getCategoryEnabledBuffer: () => new Uint8Array(1),
  isTraceCategoryEnabled: () => false,
  getEnabledCategories: () => undefined,
  trace() {},
})

export const wasmWebApi: BindingFactory = () => ({ setImplementation() {} })

export const heapUtils: BindingFactory = () => ({})
export const inspector: BindingFactory = () => ({
  isEnabled: () => false,
  console: {},
})
export const uv: BindingFactory = (env) => {
  const byNumber = new Map(env.facts.uvErrors.map(([n, name, text]) => [n, [name, text]]))
  return {
    getErrorMap: () => byNumber,
    errname: (n: number) => byNumber.get(n)?.[0] ?? `Unknown system error ${n}`,
    getErrorMessage: (n: number) => byNumber.get(n)?.[1] ?? `Unknown system error ${n}`,
  }
}
