/** A place in a source file; line and column from 1. */
export interface SourceLocation {
  name: string
  line: number
  column: number
  text: string
}

interface Frame {
  name: string
  line: number
  column: number
}

/** Node's sources mark with this what is to be shown without its place. */
const unmarked = 'node-do-not-add-exception-line'
const framesLooked = 3
const linesLooked = 30

/**
 * Where an error was thrown. V8 knows, an isolate does not: the error's own frames say where it was made, and the
 * `throw` is looked for there. A rejection is shown where its error was made.
 */
export function thrownAt(
  error: Error,
  isFromPromise: boolean,
  sourceOf: (name: string) => string | undefined,
): SourceLocation | null {
  const found = locate(error, isFromPromise, sourceOf)
  return found?.text.includes(unmarked) === true ? null : found
}

function locate(
  error: Error,
  isFromPromise: boolean,
  sourceOf: (name: string) => string | undefined,
): SourceLocation | null {
  const emitted = unhandledEvent(error, sourceOf)
  if (emitted !== null) return emitted
  const frames = framesOf(String(error.stack))
  if (!isFromPromise) {
    for (const frame of frames.slice(0, framesLooked)) {
      const found = throwNear(frame, linesOf(sourceOf(frame.name)))
      if (found !== null) return found
    }
  }
  const [first] = frames
  const text = first && linesOf(sourceOf(first.name))[first.line - 1]
  // A bundle of the catalog is not to be read: its file has not what it was compiled from.
  if (first === undefined || text === undefined || first.column > text.length + 1) return null
  return { ...first, text }
}

function framesOf(stack: string): Frame[] {
  const frames: Frame[] = []
  for (const text of stack.split('\n')) {
    const match = /^ {4}at (?:.*\()?((?:file:\/\/|node:)?[^()]+?):(\d+):(\d+)\)?$/.exec(text)
    if (match === null) continue
    const [, name = '', line, column] = match
    frames.push({ name: name.replace(/^async /, ''), line: Number(line), column: Number(column) })
  }
  return frames
}

/** Lines as V8 counts them, without what ends them. */
export const linesOf = (source = ''): string[] => source.split(/\r\n|[\n\r\u2028\u2029]/)

/** `throw new X` on the frame's own line, or `const e = new X` there and `throw e` soon after. */
function throwNear(frame: Frame, lines: string[]): SourceLocation | null {
  const text = lines[frame.line - 1]
  if (text === undefined) return null
  const before = text.slice(0, frame.column - 1)
  const direct = /\bthrow\s+(?:\w+\.)*$/.exec(before)
  if (direct !== null) return { ...frame, column: direct.index + 1, text }
  const name = /\b(?:const|let|var)\s+([\w$]+)\s*=\s*$/.exec(before)?.[1]
  if (name === undefined) return null
  const pattern = new RegExp(`\\bthrow\\s+(?:[\\w$.]+\\()?${name.replace(/\$/g, '\\$')}\\b`)
  for (let line = frame.line; line < frame.line + linesLooked && line <= lines.length; line++) {
    const candidate = lines[line - 1] ?? ''
    const from = line === frame.line ? frame.column : 0
    const at = pattern.exec(candidate.slice(from))
    if (at !== null) return { name: frame.name, line, column: from + at.index + 1, text: candidate }
  }
  return null
}

/** An `error` event without a listener is thrown by the emitter itself. */
function unhandledEvent(
  error: Error,
  sourceOf: (name: string) => string | undefined,
): SourceLocation | null {
  const isEmitted = Object.getOwnPropertySymbols(error).some(
    ({ description }) => description === 'kEnhanceStackBeforeInspector',
  )
  if (!isEmitted) return null
  const lines = linesOf(sourceOf('node:events'))
  const index = lines.findIndex((text) => text.includes("throw er; // Unhandled 'error' event"))
  const text = lines[index]
  return text === undefined
    ? null
    : { name: 'node:events', line: index + 1, column: text.indexOf('throw') + 1, text }
}
