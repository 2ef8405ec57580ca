import { expect, test } from 'vitest'
import { parseTrace, traceBounds } from './trace.ts'

const layer = {
  name: 'a',
  path: '/',
  headersSent: false,
  entered: 0,
  left: 1,
  erred: null,
  ended: null,
}
const request = { method: 'GET', path: '/', status: null, layers: [layer] }
const trace = {
  phases: [{ name: 'main', at: 1, turns: 1 }],
  longestTurnMs: 0.5,
  requests: [request, { ...request, status: 200, layers: [{ ...layer, method: 'GET' }] }],
}

test('a whole trace is taken', () => {
  expect(parseTrace(trace)).toEqual(trace)
  expect(parseTrace({ phases: [], longestTurnMs: 0, requests: [] })).not.toBeNull()
})

const withRequest = (part: object) => ({ ...trace, requests: [{ ...request, ...part }] })
const withLayer = (part: object) => withRequest({ layers: [{ ...layer, ...part }] })

test.each([
  ['nothing', null],
  ['a list', []],
  ['an unknown phase', { ...trace, phases: [{ name: 'idle', at: 1, turns: 1 }] }],
  ['half a turn', { ...trace, phases: [{ name: 'poll', at: 1, turns: 0.5 }] }],
  ['a turn that took less than no time', { ...trace, longestTurnMs: -1 }],
  ['a turn without an end', { ...trace, longestTurnMs: Number.POSITIVE_INFINITY }],
  ['a status that is text', withRequest({ status: '200' })],
  ['a long path', withRequest({ path: 'x'.repeat(traceBounds.text + 1) })],
  ['too many layers', withRequest({ layers: Array(traceBounds.layers + 1).fill(layer) })],
  ['too many requests', { ...trace, requests: Array(traceBounds.requests + 1).fill(request) }],
  ['a place before the first', withLayer({ entered: -1 })],
  ['a layer that does not say whether it left', withLayer({ left: undefined })],
  ['a name that is an object', withLayer({ name: {} })],
])('%s is no trace', (_, value) => {
  expect(parseTrace(value)).toBeNull()
})
