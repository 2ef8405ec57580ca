import type { Env } from '../../isolate/env.ts'

/** A compile failure as the host reports it: V8's message and where it points, both counted from 1. */
export interface CompileFailure {
  name: string
  message: string
  line: number
  column: number
}

/** Makes the isolate's own errors out of compile failures, with Node's arrow: file and line, source line, carets. */
export function createSyntaxErrors(env: Env) {
  const arrowSymbol = env.privateSymbols.arrow_message_private_symbol as symbol
  const decoratedSymbol = env.privateSymbols.decorated_private_symbol as symbol
  const classes: Record<string, ErrorConstructor> = {
    SyntaxError,
    RangeError,
    ReferenceError,
    TypeError,
  }

  return {
    arrow(failure: CompileFailure, source: string, filename: string, lineOffset = 0): string {
      const text = source.split('\n')[failure.line - 1 - lineOffset] ?? ''
      const start = Math.max(0, failure.column - 1)
      const marks = '^'.repeat(tokenLength(text, start))
      return `${filename}:${failure.line}\n${text}\n${' '.repeat(start)}${marks}\n`
    },
    create(failure: CompileFailure, source: string, filename: string, lineOffset = 0): Error {
      const Class = classes[failure.name] ?? SyntaxError
      const error = new Class(failure.message)
      Error.captureStackTrace(error, this.create as never)
      return this.decorate(error, this.arrow(failure, source, filename, lineOffset))
    },
    decorate(error: Error, arrow: string): Error {
      const marked = error as Error & Record<symbol, unknown>
      marked[arrowSymbol] = arrow
      marked[decoratedSymbol] = true
      error.stack = `${arrow}\n${withoutInternals(String(error.stack))}`
      return error
    },
  }
}

export type SyntaxErrors = ReturnType<typeof createSyntaxErrors>

function tokenLength(text: string, start: number): number {
  const rest = text.slice(start)
  const word =
    /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u.exec(rest) ??
    /^\d[\w.]*/.exec(rest) ??
    /^(['"`]).*?\1/.exec(rest)
  return Math.max(1, word?.[0].length ?? 1)
}

/** Frames of our own bindings never show. */
function withoutInternals(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !line.includes('(assay:') && !/at assay:/.test(line))
    .join('\n')
}
