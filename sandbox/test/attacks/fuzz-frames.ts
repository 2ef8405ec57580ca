import { encodeFrame, FrameReader } from '../../protocol/frames.ts'
import { parseStepReply } from '../../protocol/step.ts'
import { choices } from './random.ts'

export interface FuzzReport {
  seed: number
  tries: number
  /** What must not be: each is one input and what it came to. */
  faults: string[]
}

const reply = (seq: number, bytes: Uint8Array) => ({
  seq,
  outputs: [
    { kind: 'net-data', id: 3, bytes },
    { kind: 'net-listen', address: '::', port: 3000 },
  ],
  prints: [{ stream: 'stdout', bytes }],
  state: { kind: 'idle', nextTimerMs: 5, nowMs: 1, isAlive: true },
})

/**
 * Good frames with some bytes changed, dropped, doubled, cut in pieces, or made by hand from broken JSON. A reader may
 * refuse with a `FrameError` and nothing else, holds no more than it was sent, and what it lets through is a reply of the
 * right shape or none.
 */
export function fuzzFrames(seed: number, milliseconds: number): FuzzReport {
  const { below, pick } = choices(seed)
  const faults: string[] = []
  const until = performance.now() + milliseconds
  const broken = [
    '{',
    '[[[[',
    '{"$bytes":[0,9]}',
    '{"$bytes":[1e9,1]}',
    '{"$bytes":[0,-1]}',
    '{"$bytes":["0",1]}',
    '{"$bytes":{}}',
    '{"a":{"$bytes":[0,1e99]}}',
    '{"__proto__":{"$bytes":[0,1]}}',
    '[{"$bytes":[0,4]},{"$bytes":[0,4]}]',
    'null',
    '"\\ud800"',
    '\u0000',
    '1e999',
  ]
  const byHand = () => {
    const json = Buffer.from(pick(broken))
    const blob = Buffer.alloc(below(8))
    const head = Buffer.alloc(8)
    head.writeUInt32LE(pick([4 + json.length + blob.length, below(64), 0, 3, 2 ** 32 - 1]), 0)
    head.writeUInt32LE(pick([json.length, below(64), 2 ** 31, 2 ** 32 - 1]), 4)
    return Buffer.concat([head, json, blob])
  }
  const changed = (frame: Buffer) => {
    for (let n = below(4); n > 0; n--) frame[below(frame.length)] = below(256)
    return pick([
      frame,
      frame.subarray(below(frame.length)),
      Buffer.concat([frame, frame.subarray(0, below(frame.length))]),
    ])
  }
  let tries = 0
  for (; performance.now() < until && faults.length < 10; tries++) {
    const bytes = Buffer.alloc(below(40), below(256))
    const stream = Buffer.concat(
      Array.from({ length: 1 + below(3) }, () =>
        below(2) === 0 ? byHand() : changed(Buffer.from(encodeFrame(reply(below(9), bytes)))),
      ),
    )
    const reader = new FrameReader()
    try {
      let given = 0
      for (let at = 0; at < stream.length; ) {
        const end = at + 1 + below(stream.length)
        for (const message of reader.push(stream.subarray(at, end))) {
          const parsed = parseStepReply(message)
          for (const print of parsed?.prints ?? []) given += print.bytes.length
        }
        at = end
      }
      if (given > stream.length) faults.push(`${given} bytes out of ${stream.toString('base64')}`)
    } catch (error) {
      if ((error as Error).name !== 'FrameError')
        faults.push(`${error} for ${stream.toString('base64')}`)
    }
    if (Object.keys(Object.prototype).length > 0)
      faults.push(`polluted by ${stream.toString('base64')}`)
  }
  return { seed, tries, faults }
}
