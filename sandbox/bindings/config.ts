import type { BindingFactory } from '../isolate/env.ts'

/** The pinned binary's own build facts, less what an isolate has not: an inspector. */
export const config: BindingFactory = () => ({
  hasInspector: false,
  hasTracing: false,
  getDefaultLocale: () => 'en-US',
})
