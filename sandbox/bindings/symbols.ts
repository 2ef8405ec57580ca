import type { BindingFactory } from '../isolate/env.ts'

export const symbols: BindingFactory = (env) => ({ ...env.perIsolateSymbols })
