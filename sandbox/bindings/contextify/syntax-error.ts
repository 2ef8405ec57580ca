import type { Env } from '../../isolate/env.ts'
import type { SourceLocation } from '../../isolate/thrown-at.ts'

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
    /** The error with the arrow beside it, where Node's own code looks for it: what module compilation throws. */
    create(failure: CompileFailure, source: string, filename: string, lineOffset = 0): Error {
      const Class = classes[failure.name] ?? SyntaxError
      const error = new Class(failure.message) as Error & Record<symbol, unknown>
      error[arrowSymbol] = this.arrow(failure, source, filename, lineOffset)
      return error
    },
    /** Puts the place where it was thrown into an error's stack, once. */
    decorate(error: Error, { name, line, column, text }: SourceLocation): void {
      const own = error as Error & Record<symbol, unknown>
      if (own[decoratedSymbol] === true) return
      own[arrowSymbol] = `${name}:${line}\n${text}\n${' '.repeat(column - 1)}^\n`
      error.stack = `${String(own[arrowSymbol])}\n${String(error.stack)}`
      own[decoratedSymbol] = true
    },
    /** The error with the arrow in its stack as well: what script and function compilation throws. */
    createDecorated(
      failure: CompileFailure,
      source: string,
      filename: string,
      lineOffset = 0,
    ): Error {
      const error = this.create(failure, source, filename, lineOffset) as Error &
        Record<symbol, unknown>
      error.stack = `${String(error[arrowSymbol])}\n${String(error.stack)}`
      error[decoratedSymbol] = true
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
