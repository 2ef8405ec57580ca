import { wrapBuiltin } from '../../runtime/builtin-wrapper.ts'
import type { DoorHost, DoorOps } from './door.ts'

/** Compiles Node's own library on demand, each builtin as a script of its own so that stack frames read `node:…`. */
export function compileOps(host: DoorHost): DoorOps {
  return {
    builtin(id: string) {
      const source = host.facts.source(id)
      if (source === undefined) return undefined
      const { code, filename, columnOffset } = wrapBuiltin(id, source)
      const compiled = host.facts.compiled(id)
      const script = host.isolate.compileScriptSync(code, {
        filename,
        columnOffset,
        ...(compiled === undefined ? {} : { cachedData: host.copyBytes(compiled) }),
      })
      const fn = script.runSync(host.context, { reference: true })
      script.release()
      return fn.derefInto({ release: true })
    },
  }
}
