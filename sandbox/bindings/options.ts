import type { BindingFactory } from '../isolate/env.ts'

export const options: BindingFactory = (env) => ({
  getCLIOptionsValues: () => ({
    __proto__: null,
    ...env.facts.cliOptions,
    '--async-context-frame': true,
    ...(env.program?.cliOptions ?? {}),
  }),
  getEmbedderOptions: () => ({ __proto__: null, ...env.facts.embedderOptions }),
  getCLIOptionsInfo: () => ({ options: new Map(), aliases: new Map() }),
  getOptionsAsFlags: () => env.program?.execArgv ?? [],
})
