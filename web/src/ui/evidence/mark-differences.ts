import { diffLines } from 'diff'

export interface MarkedLine {
  text: string
  isDifferent: boolean
}

function toLines(text: string, isDifferent: boolean): MarkedLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({ text: line, isDifferent }))
}

/**
 * Both texts by line, with the lines that the other side does not have. Texts of one line each differ as a whole,
 * so nothing is marked in them.
 */
export function markDifferences(
  expected: string,
  received: string,
): { expected: MarkedLine[]; received: MarkedLine[] } {
  if (!expected.includes('\n') && !received.includes('\n')) {
    return { expected: toLines(expected, false), received: toLines(received, false) }
  }
  const marked = { expected: [] as MarkedLine[], received: [] as MarkedLine[] }
  for (const part of diffLines(`${expected}\n`, `${received}\n`)) {
    const isDifferent = part.added || part.removed
    if (!part.added) marked.expected.push(...toLines(part.value, isDifferent))
    if (!part.removed) marked.received.push(...toLines(part.value, isDifferent))
  }
  return marked
}
