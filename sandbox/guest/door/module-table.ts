import { randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import type ivm from 'isolated-vm'
import type { DoorHost, DoorOps } from './door.ts'
import { withoutHashbang } from './function-text.ts'
import { failureOf } from './program-code.ts'
import { topLevelAwaits } from './source/parser.ts'
import { importStandIn, metaStandIn, prepareModule } from './source/prepare.ts'

interface ModuleRecord {
  module: ivm.Module
  /** What each specifier leads to. */
  links: Map<string, ModuleRecord>
}

/** Shown in stacks; never, for generated modules call nothing that throws of itself. */
const rootName = 'assay:module'

/** Modules one program may have; each holds memory of the host. */
const maxModules = 20_000

/**
 * ES modules of one isolate. V8 does linking, evaluation, cycles and live bindings itself; isolated-vm gives neither a
 * module's outcome nor `import.meta` nor `import()`, so small generated modules pass those through `take`, a function
 * of the isolate's own that only they can name.
 */
export function moduleOps(host: DoorHost): DoorOps {
  const slots = `assay:${randomUUID()}`
  const records: ModuleRecord[] = []
  let slotsRecord: ModuleRecord | undefined

  const add = (module: ivm.Module): number => {
    if (records.length >= maxModules) throw new RangeError(`more than ${maxModules} modules`)
    return records.push({ module, links: new Map() }) - 1
  }
  const recordOf = (id: number): ModuleRecord => {
    const record = Number.isInteger(id) ? records[id] : undefined
    if (record === undefined) throw new RangeError('unknown module')
    return record
  }
  const compile = (code: string, filename: string, lineOffset = 0, columnOffset = 0) =>
    host.isolate.compileModuleSync(code, { filename, lineOffset, columnOffset })

  function instantiate(root: ModuleRecord): void {
    const byModule = new Map<ivm.Module, ModuleRecord>([[root.module, root]])
    root.module.instantiateSync(host.context, (specifier, referrer) => {
      const linked =
        specifier === slots ? slotsRecord : byModule.get(referrer)?.links.get(specifier)
      if (linked === undefined) throw new Error(`module ${specifier} is not linked`)
      byModule.set(linked.module, linked)
      return linked.module
    })
  }

  /** Compiles, links to one module and evaluates a generated root. */
  function runRoot(code: string, target: ModuleRecord): void {
    const root: ModuleRecord = {
      module: compile(code, rootName),
      links: new Map([['m', target]]),
    }
    instantiate(root)
    root.module.evaluateSync()
  }

  /** As `runRoot`, for code that defers an import: V8 knows that syntax only behind a flag. */
  function runDeferring(code: string, target: ModuleRecord): void {
    setFlagsFromString('--js-defer-import-eval')
    try {
      runRoot(code, target)
    } finally {
      setFlagsFromString('--no-js-defer-import-eval')
    }
  }

  return {
    /** `slotName` is a global that holds `take` for the moment of this call. */
    'module.start'(slotName: string) {
      if (slotsRecord !== undefined) throw new Error('modules are started once')
      const module = compile(
        `export const take = globalThis[${JSON.stringify(slotName)}]`,
        'assay:slots',
      )
      slotsRecord = { module, links: new Map() }
      instantiate(slotsRecord)
      module.evaluateSync()
    },

    'module.compile'(
      source: string,
      url: string,
      lineOffset: number,
      columnOffset: number,
      nextSlot: number,
    ) {
      const ownSlots = `${slots}/own`
      const prepared = prepareModule(
        withoutHashbang(source),
        ownSlots,
        host.facts,
        host.isTrackingContext,
      )
      let module: ivm.Module
      try {
        module = compile(
          prepared.head + prepared.code,
          String(url),
          lineOffset | 0,
          (columnOffset | 0) - prepared.head.length,
        )
      } catch (error) {
        return failureOf(error)
      }
      const id = add(module)
      if (prepared.head !== '') {
        const own = compile(
          `import { take } from "${slots}"; export const { load: ${importStandIn}, meta: ${metaStandIn}, context: ctx$ } = take(${nextSlot | 0})`,
          rootName,
        )
        recordOf(id).links.set(ownSlots, { module: own, links: new Map() })
      }
      return {
        id,
        // Something the lexer cannot read is still V8's to judge; then V8's own list of specifiers has to do.
        requests:
          prepared.requests ??
          module.dependencySpecifiers
            .filter((name) => name !== ownSlots)
            .map((specifier) => ({ specifier, attributes: [], phase: 3, line: 1, text: '' })),
        hasTopLevelAwait: prepared.hasTopLevelAwait,
      }
    },

    /** A module whose exports are set from outside: `take(slot)` gets one setter per name, then runs its steps. */
    'module.synthetic'(names: string[], slot: number, url: string) {
      const variables = names.map((_, i) => `e${i}`)
      const exported = names.map((name, i) => `e${i} as ${JSON.stringify(name)}`)
      const setters = variables.map((variable) => `(v) => { ${variable} = v }`)
      const declared =
        variables.length === 0
          ? ''
          : `let ${variables.join(', ')}; export { ${exported.join(', ')} };`
      return add(
        compile(
          `import { take } from "${slots}"; ${declared} take(${slot | 0}, [${setters.join(', ')}])`,
          String(url),
        ),
      )
    },

    /** The last place where a module awaits: which one it waits at cannot be known, and most wait at their last. */
    'module.last-await'(source: string) {
      const node = topLevelAwaits(String(source), host.facts).at(-1)
      if (node === undefined) return null
      const before = source.slice(0, node.start).split('\n')
      return { line: before.length, column: before.at(-1)?.length ?? 0 }
    },

    'module.link'(id: number, links: [string, number][]) {
      const record = recordOf(id)
      for (const [specifier, target] of links) record.links.set(specifier, recordOf(target))
    },

    'module.instantiate'(id: number) {
      try {
        instantiate(recordOf(id))
        return null
      } catch (error) {
        return failureOf(error)
      }
    },

    /** Hands `take(slot)` a namespace whose first reading evaluates the module, and throws what it throws. */
    'module.defer'(id: number, slot: number) {
      const code = `import defer * as d from "m"; import { take } from "${slots}"; take(${slot | 0}, d)`
      runDeferring(code, recordOf(id))
    },

    /** Evaluates; `take(slot)` is called when the module and everything it awaits is done. */
    'module.evaluate'(id: number, slot: number) {
      runRoot(`import "m"; import { take } from "${slots}"; take(${slot | 0})`, recordOf(id))
    },

    /** Evaluates a module that was evaluated before: if it failed, V8 reports that again. */
    'module.probe'(id: number) {
      runRoot('import "m"', recordOf(id))
    },

    /** The namespace of a module that is evaluated. */
    'module.namespace'(id: number, slot: number) {
      runRoot(
        `import * as n from "m"; import { take } from "${slots}"; take(${slot | 0}, n)`,
        recordOf(id),
      )
    },

    /** What `require()` of an ES module with a default export and no `__esModule` gives. */
    'module.facade'(id: number, slot: number) {
      const code = 'export * from "m"; export { default } from "m"; export const __esModule = true;'
      const facade: ModuleRecord = {
        module: compile(code, 'node:internal/require_module_default_facade'),
        links: new Map([['m', recordOf(id)]]),
      }
      runRoot(
        `import * as n from "m"; import { take } from "${slots}"; take(${slot | 0}, n)`,
        facade,
      )
    },
  }
}
