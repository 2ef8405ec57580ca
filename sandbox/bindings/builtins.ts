import type { BindingFactory } from '../isolate/env.ts'

export const builtins: BindingFactory = (env) => ({
  builtinIds: env.facts.builtinIds,
  builtinCategories: env.facts.builtinCategories,
  config: env.facts.config,
  natives: {},
  hasCachedBuiltins: () => true,
  getCacheUsage: () => ({
    compiledWithCache: [],
    compiledWithoutCache: [],
    compiledInSnapshot: [],
  }),
})
