import { createRequire } from 'node:module'
import type { DoorHost, DoorOps } from './door.ts'

interface Amaro {
  transformSync(
    source: string,
    options: { mode: 'strip-only'; filename?: string },
  ): { code: string }
}

/** Strips types with the amaro that the pinned Node itself carries. */
export function typescriptOps(host: DoorHost): DoorOps {
  let amaro: Amaro | undefined
  const load = (): Amaro => {
    const source = host.facts.source('internal/deps/amaro/dist/index')
    if (source === undefined) throw new Error('the pinned Node carries no TypeScript support')
    const module = { exports: {} as Amaro }
    // Node's own source, from the binary that runs this very process.
    new Function('exports', 'require', 'module', source)(
      module.exports,
      createRequire(import.meta.url),
      module,
    )
    return module.exports
  }
  return {
    'typescript.strip'(source: string, mode: string, filename: string) {
      if (mode !== 'strip-only') throw new TypeError('only stripping is supported')
      amaro ??= load()
      try {
        return {
          code: amaro.transformSync(String(source), { mode, filename: String(filename) }).code,
        }
      } catch (error) {
        if (typeof error === 'string') return { message: error }
        const {
          message,
          code,
          filename: shown,
          startLine,
          startColumn,
          snippet,
        } = error as Record<string, unknown>
        return { failure: { message, code, filename: shown, startLine, startColumn, snippet } }
      }
    },
  }
}
