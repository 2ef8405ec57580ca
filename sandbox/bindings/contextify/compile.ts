import type { Env, NodeFunction } from '../../isolate/env.ts'
import { thrownAt } from '../../isolate/thrown-at.ts'
import type { CompileFailure, SyntaxErrors } from './syntax-error.ts'

export interface CompileOptions {
  filename: string
  lineOffset: number
  columnOffset: number
  /** What `import()` in this code is called with, as V8's host-defined option. */
  importId: symbol
}

interface HostCompiled {
  refused?: string
  failure?: CompileFailure
}

/** Asks the host to compile. The host never runs program code on its own account. */
export function createCompiler(env: Env, errors: SyntaxErrors) {
  const importing = (options: CompileOptions) => {
    return (specifier: unknown, importOptions: unknown) =>
      (env.internalBinding('module_wrap').importDynamically as NodeFunction)(
        options.importId,
        options.filename,
        specifier,
        importOptions,
      )
  }

  function attempt(
    op: string,
    options: CompileOptions,
    ...args: unknown[]
  ): { function: NodeFunction } | { failure: CompileFailure } {
    const answer = env.door(op, ...args, options.filename, options.lineOffset, options.columnOffset)
    if (typeof answer === 'function') return { function: answer as NodeFunction }
    const { failure } = (answer ?? {}) as HostCompiled
    if (failure !== undefined) return { failure }
    const { message = 'the code cannot be compiled' } = (answer ?? {}) as { message?: string }
    return { failure: { name: 'SyntaxError', message, line: 1, column: 1 } }
  }

  return {
    /** A function whose body is `source`. */
    attemptFunction(source: string, options: CompileOptions & { parameters: string[] }) {
      const compiled = attempt('compile.function', options, source, options.parameters.join(', '))
      if ('failure' in compiled) return compiled
      // What the host compiled is a function that makes the wanted one, given what `import()` calls.
      return {
        function: compiled.function(importing(options), env.contextFunctions) as NodeFunction,
      }
    },
    /** A classic script: what comes back runs it in the global scope and gives its last value. */
    script(
      source: string,
      options: CompileOptions & { caller: (...args: never[]) => unknown },
    ): (displayErrors: boolean) => unknown {
      const { filename, lineOffset, columnOffset } = options
      const compiled = env.door('compile.script', source, filename, lineOffset, columnOffset) as {
        id?: number
        failure?: CompileFailure
        message?: string
      }
      if (compiled.failure !== undefined) {
        throw errors.createDecorated(compiled.failure, source, filename, lineOffset, options.caller)
      }
      if (compiled.id === undefined) throw new Error(compiled.message)
      return (displayErrors) => {
        const outcome = env.door('script.run', compiled.id) as {
          thrown?: unknown
          error?: { name: string; message: string; stack: string }
        } | null
        if (outcome === null) return env.door('script.value')
        const copy =
          outcome.error === undefined ? outcome.thrown : Object.assign(new Error(), outcome.error)
        const error = env.originalOf(copy)
        if (displayErrors && error instanceof Error) {
          const location = thrownAt(error, false, (name) =>
            name === filename ? source : undefined,
          )
          if (location !== null) errors.decorate(error, location)
        }
        throw error
      }
    },
    checkModule: (source: string, filename: string): boolean =>
      env.door('compile.check-module', source, filename) === true,
    /** `sourceURL` and `sourceMapURL` comments, as V8 reads them; the last one counts. */
    directives(
      source: string,
      filename?: string,
    ): { sourceMapURL: string | undefined; sourceURL: string | undefined } {
      const sourceMapURL = lastDirective(source, 'sourceMappingURL')
      const sourceURL = lastDirective(source, 'sourceURL')
      return {
        sourceMapURL,
        sourceURL: sourceURL ?? (sourceMapURL === undefined ? undefined : filename),
      }
    },
  }
}

function lastDirective(source: string, name: string): string | undefined {
  const at = Math.max(source.lastIndexOf(`//# ${name}=`), source.lastIndexOf(`//@ ${name}=`))
  if (at < 0) return undefined
  const value =
    source
      .slice(at + name.length + 5)
      .split('\n', 1)[0]
      ?.trim() ?? ''
  return /[\s'"]/.test(value) || value === '' ? undefined : value
}
