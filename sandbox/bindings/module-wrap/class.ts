import { unavailableError } from '../../isolate/compose-binding.ts'
import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { ownPromises } from '../../isolate/own-promises.ts'
import { type CompileFailure, createSyntaxErrors } from '../contextify/syntax-error.ts'
import type { Evaluations } from './evaluation.ts'
import type { Imports } from './imports.ts'
import type { Slots } from './slots.ts'

const status = {
  uninstantiated: 0,
  instantiating: 1,
  instantiated: 2,
  evaluating: 3,
  evaluated: 4,
  errored: 5,
}

interface Request {
  specifier: string
  attributes: [string, string][]
  phase: number
  line: number
  text: string
}

interface State {
  hostId: number
  requests: Request[]
  /** Aligned with `requests`. */
  linked: NodeObject[]
  status: number
  error: unknown
  evaluation: Promise<unknown> | undefined
  namespace: object | undefined
  source: string | undefined
  /** One per export of a synthetic module, from when it is evaluated. */
  setters: ((value: unknown) => void)[] | undefined
  names: string[]
  early: Map<string, unknown>
}

type Wrap = NodeObject & { url: string }

/** `internalBinding('module_wrap').ModuleWrap`. */
export function createModuleWrapClass(
  env: Env,
  slots: Slots,
  imports: Imports,
  evaluations: Evaluations,
) {
  const errors = createSyntaxErrors(env)
  const hostDefinedOption = env.privateSymbols.host_defined_option_symbol as symbol
  const states = new WeakMap<object, State>()
  const stateOf = (wrap: object): State => {
    const state = states.get(wrap)
    if (state === undefined) throw new TypeError('Illegal invocation')
    return state
  }

  class ModuleWrap {
    declare url: string
    declare sourceMapURL: string | undefined
    declare sourceURL: string | undefined
    declare synthetic: boolean
    declare hasTopLevelAwait: boolean

    constructor(
      url: string,
      context: unknown,
      sourceOrNames: string | string[],
      a: unknown,
      b: unknown,
      c: unknown,
    ) {
      if (context !== undefined) throw unavailableError('vm contexts')
      this.url = url
      if (typeof sourceOrNames === 'string') {
        compileSource(this as unknown as Wrap, sourceOrNames, Number(a ?? 0), Number(b ?? 0), c)
      } else {
        createSynthetic(this as unknown as Wrap, sourceOrNames, a as NodeFunction, b)
      }
    }

    getModuleRequests(): object[] {
      return stateOf(this).requests.map(({ specifier, attributes, phase }) =>
        Object.freeze({
          specifier,
          attributes: Object.freeze(
            Object.assign(Object.create(null), Object.fromEntries(attributes)),
          ),
          phase,
        }),
      )
    }

    link(modules: NodeObject[]): void {
      const state = stateOf(this)
      state.linked = [...modules]
      const links = state.requests.map(({ specifier }, i) => [
        specifier,
        stateOf(modules[i] as object).hostId,
      ])
      env.door('module.link', state.hostId, links)
    }

    instantiate(): void {
      const state = stateOf(this)
      if (state.status >= status.instantiated) return
      const answer = env.door('module.instantiate', state.hostId) as {
        failure?: CompileFailure
      } | null
      if (answer?.failure !== undefined) throw linkError(this as unknown as Wrap, answer.failure)
      for (const reached of graphOf(this)) {
        const other = stateOf(reached)
        if (other.status < status.instantiated) other.status = status.instantiated
      }
    }

    get hasAsyncGraph(): boolean {
      for (const reached of graphOf(this)) if (reached.hasTopLevelAwait === true) return true
      return false
    }

    evaluateSync(): object {
      const state = stateOf(this)
      if (this.hasAsyncGraph) throw requireAsyncError(env)
      runSync(this as unknown as Wrap, state)
      return this.getNamespace()
    }

    evaluate(): Promise<unknown> {
      const state = stateOf(this)
      if (state.evaluation !== undefined) return state.evaluation
      if (this.hasAsyncGraph && currentStatus(this, state) !== status.evaluated) {
        markStarted(this)
        state.evaluation = evaluations.start(state.hostId)
        const settled = (next: number) => () => {
          for (const reached of graphOf(this)) {
            const other = stateOf(reached)
            if (next === status.evaluated || reached === (this as unknown)) other.status = next
          }
        }
        ownPromises(env).then(state.evaluation, settled(status.evaluated), (error) => {
          state.error = error
          settled(status.errored)()
        })
        return state.evaluation
      }
      try {
        runSync(this as unknown as Wrap, state)
        state.evaluation = Promise.resolve()
      } catch (error) {
        state.evaluation = Promise.reject(error)
      }
      return state.evaluation
    }

    getStatus(): number {
      return currentStatus(this, stateOf(this))
    }

    getError(): unknown {
      return stateOf(this).error
    }

    getNamespace(): object {
      const state = stateOf(this)
      if (state.namespace !== undefined) return state.namespace
      if (currentStatus(this, state) !== status.evaluated) {
        throw unavailableError('the namespace of a module that is not evaluated')
      }
      state.namespace = slots.receive((slot) =>
        env.door('module.namespace', state.hostId, slot),
      )[0] as object
      return state.namespace
    }

    setExport(name: string, value: unknown): void {
      const state = stateOf(this)
      const set = state.setters?.[state.names.indexOf(name)]
      if (set !== undefined) set(value)
      else if (state.names.includes(name)) state.early.set(name, value)
      else throw new ReferenceError(`Export '${name}' is not defined in module`)
    }

    createCachedData(): never {
      throw unavailableError('vm.SourceTextModule.createCachedData')
    }

    setModuleSourceObject(): never {
      throw unavailableError('source phase imports')
    }

    getModuleSourceObject(): never {
      throw unavailableError('source phase imports')
    }

    static waitingIn(root: object): { url: string; source: string }[] {
      return [...graphOf(root)].flatMap((wrap) => {
        const { status: current, source } = stateOf(wrap)
        const isWaiting = wrap.hasTopLevelAwait === true && current === status.evaluating
        return isWaiting && source !== undefined ? [{ url: wrap.url, source }] : []
      })
    }

    static hostIdOf(wrap: object): number {
      return stateOf(wrap).hostId
    }
  }

  function compileSource(
    wrap: Wrap,
    source: string,
    lineOffset: number,
    columnOffset: number,
    option: unknown,
  ): void {
    const id = typeof option === 'symbol' ? option : Symbol(wrap.url)
    Object.defineProperty(wrap, hostDefinedOption, { value: id, configurable: true })
    const slot = slots.open(() => ownValues(wrap, id))
    const answer = env.door('module.compile', source, wrap.url, lineOffset, columnOffset, slot) as {
      id: number
      requests: Request[]
      hasTopLevelAwait: boolean
      failure?: CompileFailure
    }
    if (answer.failure !== undefined)
      throw errors.create(answer.failure, source, wrap.url, lineOffset)
    if (answer.id === undefined) throw new Error((answer as unknown as { message: string }).message)
    states.set(wrap, newState(answer.id, answer.requests, source))
    wrap.hasTopLevelAwait = answer.hasTopLevelAwait
    wrap.synthetic = false
    wrap.sourceMapURL = /\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(source)?.[1]
    wrap.sourceURL = wrap.sourceMapURL === undefined ? undefined : wrap.url
  }

  function ownValues(wrap: Wrap, id: symbol): unknown {
    return {
      load: (specifier: unknown, options: unknown) =>
        imports.importDynamically(id, wrap.url, specifier, options),
      meta: imports.createMeta(id, wrap),
      context: env.contextFunctions,
    }
  }

  function createSynthetic(
    wrap: Wrap,
    names: string[],
    steps: NodeFunction,
    cjsModule: unknown,
  ): void {
    const slot = slots.open((setters) => {
      const state = stateOf(wrap)
      state.setters = setters as State['setters']
      for (const [name, value] of state.early) state.setters?.[names.indexOf(name)]?.(value)
      state.early.clear()
      Reflect.apply(steps, wrap, [wrap])
    })
    const hostId = env.door('module.synthetic', [...names], slot, wrap.url)
    if (typeof hostId !== 'number') throw new Error((hostId as { message: string }).message)
    const state = newState(hostId, [], undefined)
    state.names = [...names]
    states.set(wrap, state)
    wrap.hasTopLevelAwait = false
    wrap.synthetic = true
    if (cjsModule !== undefined)
      wrap[env.perIsolateSymbols.imported_cjs_symbol as symbol] = cjsModule
  }

  function runSync(wrap: Wrap, state: State): void {
    if (state.status === status.evaluated) return
    if (state.status === status.errored) throw state.error
    markStarted(wrap)
    try {
      evaluations.run(state.hostId)
    } catch (error) {
      state.status = status.errored
      state.error = error
      throw error
    }
    for (const reached of graphOf(wrap)) stateOf(reached).status = status.evaluated
  }

  function markStarted(wrap: object): void {
    for (const reached of graphOf(wrap)) {
      const state = stateOf(reached)
      if (state.status < status.evaluating) state.status = status.evaluating
    }
  }

  /** A module of a graph under evaluation may be done, under way or not begun; V8 knows. */
  function currentStatus(_wrap: object, state: State): number {
    if (state.status !== status.evaluating) return state.status
    const result = evaluations.outcome(state.hostId)
    if (result.kind === 'evaluated') state.status = status.evaluated
    if (result.kind === 'errored') {
      state.status = status.errored
      state.error = result.error
    }
    return state.status
  }

  function graphOf(root: object): Set<Wrap> {
    const seen = new Set<Wrap>([root as Wrap])
    for (const wrap of seen) for (const linked of stateOf(wrap).linked) seen.add(linked as Wrap)
    return seen
  }

  /** V8 says which name is missing, not where; the importing statement is looked up in the graph. */
  function linkError(root: Wrap, failure: CompileFailure): Error {
    const match =
      /requested module '(.*)' (?:does not provide an export named|contains conflicting star exports for name) '(.+?)'/.exec(
        failure.message,
      )
    const [, specifier, name] = match ?? []
    for (const wrap of graphOf(root)) {
      const state = stateOf(wrap)
      const request = state.requests.find(
        (item) => item.specifier === specifier && (name === undefined || mentions(item.text, name)),
      )
      if (request === undefined || state.source === undefined) continue
      const at = request.text.indexOf(name ?? '')
      const before = request.text.slice(0, at).split('\n')
      const line = request.line + before.length - 1
      const text = state.source.split('\n')[line - 1] ?? ''
      const column =
        text.indexOf(
          before.at(-1) === '' ? (name ?? '') : (name ?? ''),
          before.length === 1 ? 0 : 0,
        ) + 1
      return errors.create({ ...failure, line, column }, state.source, wrap.url)
    }
    return errors.create(failure, '', root.url)
  }

  return ModuleWrap
}

function mentions(text: string, name: string): boolean {
  return name === 'default'
    ? !/^\s*(?:import|export)\s*\{/.test(text) || /\bdefault\b/.test(text)
    : text.includes(name)
}

function newState(hostId: number, requests: Request[], source: string | undefined): State {
  return {
    hostId,
    requests,
    linked: [],
    status: 0,
    error: undefined,
    evaluation: undefined,
    namespace: undefined,
    source,
    setters: undefined,
    names: [],
    early: new Map(),
  }
}

function requireAsyncError(env: Env): Error {
  const { codes } = env.requireBuiltin('internal/errors') as {
    codes: Record<string, new () => Error>
  }
  const AsyncModule = codes.ERR_REQUIRE_ASYNC_MODULE as new () => Error
  return new AsyncModule()
}
