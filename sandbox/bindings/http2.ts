import type { BindingFactory } from '../isolate/env.ts'

/** Enough for `require('http2')` to load, as many packages do at start; opening a session refuses by name. */
export const http2: BindingFactory = () => ({
  setCallbackFunctions() {},
  sessionState: new Float64Array(9),
  streamState: new Float64Array(6),
  settingsBuffer: new Uint32Array(40),
  optionsBuffer: new Uint32Array(16),
  streamStats: new Float64Array(7),
  sessionStats: new Float64Array(9),
  nameForErrorCode: [],
})
