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
const turn = { name: 'poll', at: 1, ms: 0.5, kind: 'handle', origin: '/a.js:1:1', request: 'GET /' }
const callback = {
  kind: 'timeout',
  origin: null,
  calls: 1,
  totalMs: 0.5,
  longestMs: 0.5,
  longestWaitMs: null,
}
const resource = {
  kind: 'server',
  isRefed: true,
  origin: null,
  delayMs: null,
  address: ':: port 1',
}
const empty = {
  phases: [],
  longestTurnMs: 0,
  longestTurn: null,
  requests: [],
  callbacks: [],
  alive: [],
  aliveCount: 0,
  rejections: [],
}
const trace = {
  phases: [{ name: 'main', at: 1, turns: 1 }],
  longestTurnMs: 0.5,
  longestTurn: turn,
  callbacks: [callback, { ...callback, longestWaitMs: 2 }],
  alive: [resource, { ...resource, kind: 'interval', delayMs: 5, address: null }],
  aliveCount: 200,
  rejections: [{ at: 1, reason: 'Error: x', origin: null }],
  requests: [request, { ...request, status: 200, layers: [{ ...layer, method: 'GET' }] }],
}

test('a whole trace is taken', () => {
  expect(parseTrace(trace)).toEqual(trace)
  expect(parseTrace(empty)).not.toBeNull()
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
  ['a turn of no phase', { ...trace, longestTurn: { ...turn, name: 'idle' } }],
  ['no longest turn', { ...trace, longestTurn: undefined }],
  ['a callback of no kind', { ...trace, callbacks: [{ ...callback, kind: 'tick' }] }],
  ['a wait that is text', { ...trace, callbacks: [{ ...callback, longestWaitMs: '1' }] }],
  ['too many callbacks', { ...trace, callbacks: Array(traceBounds.callbacks + 1).fill(callback) }],
  ['something alive of no kind', { ...trace, alive: [{ ...resource, kind: 'door' }] }],
  ['too much alive', { ...trace, alive: Array(traceBounds.alive + 1).fill(resource) }],
  ['no count of what is alive', { ...trace, aliveCount: undefined }],
  ['a rejection without a reason', { ...trace, rejections: [{ at: 1, origin: null }] }],
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
