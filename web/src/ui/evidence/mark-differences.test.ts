// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { markDifferences } from './mark-differences.ts'

const different = (lines: { text: string; isDifferent: boolean }[]): string[] =>
  lines.filter((line) => line.isDifferent).map((line) => line.text)

describe('markDifferences', () => {
  it('marks the lines that only one side has', () => {
    const marked = markDifferences('{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 1,\n  "c": 3\n}')
    expect(different(marked.expected)).toEqual(['  "b": 2'])
    expect(different(marked.received)).toEqual(['  "c": 3'])
    expect(marked.expected.map((line) => line.text)).toEqual(['{', '  "a": 1,', '  "b": 2', '}'])
  })

  it('keeps every line of both texts, empty ones too', () => {
    const marked = markDifferences('a\n\nb', 'a\n\n\nb')
    expect(marked.expected.map((line) => line.text)).toEqual(['a', '', 'b'])
    expect(marked.received.map((line) => line.text)).toEqual(['a', '', '', 'b'])
  })

  it('marks nothing in texts of one line', () => {
    const marked = markDifferences('422', '201')
    expect(different([...marked.expected, ...marked.received])).toEqual([])
  })
})
