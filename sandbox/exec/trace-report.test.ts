import { expect, test } from 'vitest'
import type { ProgramTrace, TracedLayer } from '../protocol/trace.ts'
import { traceReport } from './trace-report.ts'

const empty: ProgramTrace = {
  phases: [],
  longestTurnMs: 0,
  longestTurn: null,
  requests: [],
  callbacks: [],
  alive: [],
  aliveCount: 0,
  rejections: [],
}
const layer: TracedLayer = {
  name: 'a',
  path: '/',
  headersSent: false,
  entered: 0,
  left: null,
  erred: null,
  ended: null,
}

test('a program that did nothing has a report', () => {
  expect(traceReport(empty)).toBe('── trace ──\n\nnothing was left alive\n')
})

test('what a layer did is told in its order', () => {
  const layers = [
    { ...layer, left: 3, ended: 1 },
    { ...layer, name: 'b', method: 'GET', path: '/x', headersSent: true, erred: 2 },
    layer,
  ]
  const text = traceReport({
    ...empty,
    requests: [{ method: 'GET', path: '/x', status: null, layers }],
  })
  expect(text).toContain(
    `requests
  GET /x → not finished
    a (/): ended the response, then next()
    b (GET /x): error - headers were sent already
    a (/): still open
`,
  )
})

test('what is not shown is counted', () => {
  const resource = {
    kind: 'timeout',
    isRefed: true,
    origin: null,
    delayMs: 1,
    address: null,
  } as const
  const text = traceReport({ ...empty, alive: Array(30).fill(resource), aliveCount: 500 })
  expect(text.match(/^ {2}timeout/gm)).toHaveLength(20)
  expect(text).toContain('(20 of 500 are shown)')
})

test("the program's words cannot move the cursor or begin a line", () => {
  const text = traceReport({
    ...empty,
    requests: [{ method: 'GET', path: '/\u001b[2J\r\n── trace', status: 200, layers: [] }],
    rejections: [{ at: 0, reason: 'a\n\u009bb', origin: null }],
  })
  expect(text).toContain('GET / [2J  ── trace → 200')
  expect(text).toContain('a  b')
})
