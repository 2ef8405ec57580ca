import { describe, expect, test } from 'vitest'
import { parseStepReply } from './step.ts'

const idle = { kind: 'idle', nextTimerMs: null, nowMs: 0, isAlive: true }
const reply = { seq: 1, outputs: [], prints: [], state: idle }

describe('a reply of a guest', () => {
  test.each([
    reply,
    { ...reply, outputs: [{ kind: 'data', bytes: Uint8Array.of(1) }, { kind: 'close' }] },
    { ...reply, prints: [{ stream: 'stderr', bytes: Uint8Array.of(1) }] },
    { ...reply, state: { ...idle, nextTimerMs: 12.5 } },
    { ...reply, state: { kind: 'busy', nowMs: 3 } },
    { ...reply, state: { kind: 'exited', exitCode: -1, nowMs: 3 } },
    { ...reply, state: { kind: 'crashed', reason: 'memory', nowMs: 3 } },
  ])('in the shape of the protocol is taken', (value) => {
    expect(parseStepReply(value)).toBe(value)
  })

  test.each([
    ['nothing', null],
    ['a list', [reply]],
    ['a negative number', { ...reply, seq: -1 }],
    ['no list of outputs', { ...reply, outputs: {} }],
    ['an output without a kind', { ...reply, outputs: [{ bytes: Uint8Array.of() }] }],
    ['an output whose bytes are a text', { ...reply, outputs: [{ kind: 'data', bytes: 'abc' }] }],
    [
      'a print to another stream',
      { ...reply, prints: [{ stream: 'judge', bytes: Uint8Array.of() }] },
    ],
    ['a print of a text', { ...reply, prints: [{ stream: 'stdout', bytes: 'passed' }] }],
    ['an unknown state', { ...reply, state: { kind: 'passed', nowMs: 0 } }],
    ['a time that is no number', { ...reply, state: { ...idle, nowMs: Number.NaN } }],
    ['a time before the beginning', { ...reply, state: { ...idle, nowMs: -1 } }],
    ['a timer that never comes', { ...reply, state: { ...idle, nextTimerMs: Infinity } }],
    [
      'an exit code that is a text',
      { ...reply, state: { kind: 'exited', exitCode: '0', nowMs: 0 } },
    ],
    ['a reason of its own', { ...reply, state: { kind: 'crashed', reason: 'judge', nowMs: 0 } }],
  ])('with %s is none', (_, value) => {
    expect(parseStepReply(value)).toBeNull()
  })
})
