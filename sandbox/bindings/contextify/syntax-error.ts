import type { Env } from '../../isolate/env.ts'
import { linesOf, type SourceLocation } from '../../isolate/thrown-at.ts'

/** A compile failure as the host reports it: V8's message and where it points, both counted from 1. */
export interface CompileFailure {
  name: string
  message: string
  line: number
  column: number
}

const { captureStackTrace } = Error

/** The binding function that was called: what frames are shown begin above it. */
type Caller = (...args: never[]) => unknown

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
      const text = linesOf(source)[failure.line - 1 - lineOffset] ?? ''
      const start = Math.max(0, failure.column - 1)
      const marks = '^'.repeat(markedLength(failure, text, start))
      return arrowText({ name: filename, line: failure.line, text }, indentOf(text, start) + marks)
    },
    /** The error with the arrow beside it, where Node's own code looks for it: what module compilation throws. */
    create(
      failure: CompileFailure,
      source: string,
      filename: string,
      lineOffset = 0,
      caller?: Caller,
    ): Error {
      const Class = classes[failure.name] ?? SyntaxError
      const error = new Class(failure.message) as Error & Record<symbol, unknown>
      if (caller !== undefined) captureStackTrace(error, caller)
      // Too deep to be parsed is true of no place in it.
      if (!(error instanceof RangeError))
        error[arrowSymbol] = this.arrow(failure, source, filename, lineOffset)
      return error
    },
    /** Puts the place where it was thrown into an error's stack, once. */
    decorate(error: Error, { name, line, column, text }: SourceLocation): void {
      const own = error as Error & Record<symbol, unknown>
      if (own[decoratedSymbol] === true) return
      own[arrowSymbol] = arrowOf({ name, line, column, text })
      error.stack = `${String(own[arrowSymbol])}\n${String(error.stack)}`
      own[decoratedSymbol] = true
    },
    /** The error with the arrow in its stack as well: what script and function compilation throws. */
    createDecorated(
      failure: CompileFailure,
      source: string,
      filename: string,
      lineOffset: number,
      caller: Caller,
    ): Error {
      const error = this.create(failure, source, filename, lineOffset, caller) as Error &
        Record<symbol, unknown>
      if (error[arrowSymbol] === undefined) return error
      error.stack = `${String(error[arrowSymbol])}\n${String(error.stack)}`
      error[decoratedSymbol] = true
      return error
    },
  }
}

export type SyntaxErrors = ReturnType<typeof createSyntaxErrors>

/** Node makes no longer row of carets than this. */
const longestRow = 1020

/** Node's arrow: file and line, the source line and a caret under the place. */
export const arrowOf = (location: SourceLocation): string =>
  arrowText(location, `${indentOf(location.text, location.column - 1)}^`)

const arrowText = (
  { name, line, text }: Pick<SourceLocation, 'name' | 'line' | 'text'>,
  row: string,
): string => `${name}:${line}\n${text}\n${row.slice(0, longestRow)}\n`

/** What stands before the carets: tabs stay tabs, so that they point at the place. */
const indentOf = (text: string, width: number): string =>
  `${text.slice(0, width).replaceAll(/[^\t]/g, ' ')}${' '.repeat(Math.max(0, width - text.length))}`

const illegal = 'Invalid or unexpected token'
/** Messages about one character, or none. */
const single = /^Invalid Unicode escape sequence$|^Only one underscore is allowed/
const atEnd = /^Unexpected end of input$|^Unterminated template literal$/

function markedLength({ message }: CompileFailure, text: string, start: number): number {
  const rest = text.slice(start)
  if (atEnd.test(message)) return 0
  if (single.test(message)) return 1
  if (message === illegal) {
    // A string that does not end reaches to the end of its line; what is not ASCII is nothing.
    if (/^['"]/.test(rest)) return rest.length
    return /^[ -~]/.test(rest) ? 1 : 0
  }
  const regExp = message.startsWith('Invalid regular expression: /')
    ? /^\/(?:\\.|\[(?:\\.|[^\]])*\]|[^/])+\/\w*/.exec(rest)
    : null
  const token =
    regExp ??
    /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u.exec(rest) ??
    /^\d[\w.]*/.exec(rest) ??
    /^(['"`]).*?\1/.exec(rest)
  return Math.max(1, token?.[0].length ?? 1)
}
