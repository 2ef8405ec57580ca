import { unavailableError } from '../isolate/compose-binding.ts'
import type { BindingFactory, NodeFunction } from '../isolate/env.ts'
import { createCompiler } from './contextify/compile.ts'
import { createSyntaxErrors } from './contextify/syntax-error.ts'

/** V8's messages for code that only fails because it was read as CommonJS. */
const moduleSyntaxMessages = [
  'Cannot use import statement outside a module',
  "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
]
const commonJsOnlyMessages = [
  "Identifier '__filename' has already been declared",
  "Identifier '__dirname' has already been declared",
  "Identifier 'module' has already been declared",
  "Identifier 'exports' has already been declared",
  "Identifier 'require' has already been declared",
  'await is only valid in async functions and the top level bodies of modules',
  'Unexpected reserved word',
  'missing ) after argument list',
  'Unexpected identifier',
  'Unexpected token',
  'Unexpected eval or arguments in strict mode',
  'Illegal return statement',
]
/** What Node's library names the one context it makes for itself. */
const internalContextName = 'internal'
const wrapperParameters = ['exports', 'require', 'module', '__filename', '__dirname']

/** Compiles program code through the host, so that frames carry real file names and positions. */
export const contextify: BindingFactory = (env) => {
  const errors = createSyntaxErrors(env)
  const compiler = createCompiler(env, errors)
  const hostDefinedOption = env.privateSymbols.host_defined_option_symbol as symbol
  const defaultImport = env.perIsolateSymbols.vm_dynamic_import_default_internal as symbol

  const contextSymbol = env.privateSymbols.contextify_context_private_symbol as symbol
  /** Contexts that Node's library asks for to have intrinsics of its own; there is only this realm to give. */
  const internalContexts = new WeakSet<object>()
  const isThisContext = (context: unknown) =>
    context === null || (typeof context === 'object' && internalContexts.has(context as object))

  const isModuleSource = (source: string, filename: string, message: string): boolean => {
    if (moduleSyntaxMessages.some((known) => message.includes(known))) return true
    if (!commonJsOnlyMessages.some((known) => message.includes(known))) return false
    return compiler.checkModule(source, filename)
  }

  const watched = (filename: string, compiled: NodeFunction) =>
    env.requestTrace === undefined ? compiled : env.requestTrace.watch(filename, compiled)

  class ContextifyScript {
    declare sourceURL: string | undefined
    declare sourceMapURL: string | undefined
    #run: (displayErrors: boolean) => unknown
    constructor(
      code: string,
      filename: string,
      lineOffset: number,
      columnOffset: number,
      _cachedData: unknown,
      _produceCachedData: unknown,
      parsingContext: unknown,
      hostDefinedOptionId: symbol,
    ) {
      if (!isThisContext(parsingContext ?? null)) throw unavailableError('vm contexts')
      this.#run = compiler.script(code, {
        filename,
        lineOffset,
        columnOffset,
        importId: hostDefinedOptionId,
        caller: ContextifyScript as never,
      })
      Object.assign(this, compiler.directives(code))
      Object.defineProperty(this, hostDefinedOption, {
        value: hostDefinedOptionId,
        configurable: true,
      })
    }
    runInContext(context: unknown, _timeout: number, displayErrors: boolean): unknown {
      if (!isThisContext(context)) throw unavailableError('vm contexts')
      return this.#run(displayErrors)
    }
    createCachedData(): never {
      throw unavailableError('vm.Script.createCachedData')
    }
  }

  return {
    ContextifyScript,
    compileFunctionForCJSLoader: function compileFunctionForCJSLoader(
      source: string,
      filename: string,
      _isSeaMain: boolean,
      detectsModule: boolean,
    ) {
      const compiled = compiler.attemptFunction(source, {
        filename,
        lineOffset: 0,
        columnOffset: 0,
        parameters: wrapperParameters,
        importId: defaultImport,
      })
      let canParseAsESM = false
      if ('failure' in compiled) {
        canParseAsESM = detectsModule && isModuleSource(source, filename, compiled.failure.message)
        if (!canParseAsESM)
          throw errors.createDecorated(
            compiled.failure,
            source,
            filename,
            0,
            compileFunctionForCJSLoader,
          )
      }
      return {
        cachedDataRejected: false,
        ...compiler.directives(source, filename),
        function: 'failure' in compiled ? undefined : watched(filename, compiled.function),
        canParseAsESM,
      }
    },
    compileFunction: function compileFunction(
      source: string,
      filename: string,
      lineOffset: number,
      columnOffset: number,
      _cachedData: unknown,
      _produceCachedData: unknown,
      parsingContext: unknown,
      contextExtensions: unknown[] | undefined,
      parameters: string[] | undefined,
      hostDefinedOptionId: symbol,
    ) {
      if (parsingContext !== undefined || (contextExtensions ?? []).length > 0)
        throw unavailableError('vm contexts')
      const compiled = compiler.attemptFunction(source, {
        filename,
        lineOffset,
        columnOffset,
        parameters: parameters ?? [],
        importId: hostDefinedOptionId,
      })
      if ('failure' in compiled)
        throw errors.createDecorated(
          compiled.failure,
          source,
          filename,
          lineOffset,
          compileFunction,
        )
      const fn = compiled.function as NodeFunction & Record<symbol, unknown>
      Object.defineProperty(fn, hostDefinedOption, {
        value: hostDefinedOptionId,
        configurable: true,
      })
      return {
        function: fn,
        ...compiler.directives(source, filename),
        cachedDataRejected: undefined,
        cachedDataProduced: undefined,
        cachedData: undefined,
      }
    },
    containsModuleSyntax(source: string, filename: string): boolean {
      const compiled = compiler.attemptFunction(source, {
        filename: filename ?? '[eval1]',
        lineOffset: 0,
        columnOffset: 0,
        parameters: wrapperParameters,
        importId: defaultImport,
      })
      return 'failure' in compiled && isModuleSource(source, filename, compiled.failure.message)
    },
    makeContext(contextObject: object, name: unknown) {
      if (name !== internalContextName) throw unavailableError('vm.createContext')
      internalContexts.add(contextObject)
      Object.defineProperty(contextObject, contextSymbol, { value: contextObject })
      return contextObject
    },
    startSigintWatchdog() {},
    stopSigintWatchdog: () => false,
    watchdogHasPendingSigint: () => false,
    measureMemory: () => Promise.reject(unavailableError('vm.measureMemory')),
  }
}
