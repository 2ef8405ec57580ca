import type { BindingFactory } from '../isolate/env.ts'

/** Names a CommonJS module seems to export, for `import { name } from './it.cjs'`. Never throws. */
export const cjsLexer: BindingFactory = (env) => ({
  parse(source: string): [Set<string>, string[]] {
    const answer = env.door('cjs.lex', source)
    const [names, reexports] = Array.isArray(answer) ? (answer as [string[], string[]]) : [[], []]
    return [new Set(names), reexports]
  },
})
