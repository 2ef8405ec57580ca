import { traceBounds } from '../../protocol/trace.ts'

export const text = (value: unknown) => String(value).slice(0, traceBounds.text)

/** The end of a long path has the file's name and the line. */
export const originText = (value: unknown) =>
  typeof value === 'string' ? value.slice(-traceBounds.text) : null

const frame = /^ {4}at (?:.*\()?(?:async )?((?:file:\/\/)?\/[^()]+:\d+:\d+)\)?$/

/** The first frame of a stack that is a file of the program, or of a package of its. */
export function originOfStack(stack: unknown): string | null {
  for (const line of String(stack).split('\n')) {
    const place = frame.exec(line)?.[1]
    if (place !== undefined) return originText(place.replace('file://', ''))
  }
  return null
}
