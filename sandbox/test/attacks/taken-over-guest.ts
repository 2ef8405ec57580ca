import { readSync, writeSync } from 'node:fs'
import { encodeFrame, FrameReader } from '../../protocol/frames.ts'
import type { StepRequest } from '../../protocol/step.ts'

/**
 * A guest process that somebody has taken over: it behaves until a program is launched in it, whose first line names what
 * it does then, with the whole of its descriptor 3. It holds what a real one holds, no more.
 */

const send = (bytes: Uint8Array) => {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(3, bytes, at)
    } catch (error) {
      // The other side has hung up, which is what it should do.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') process.exit(0)
    }
  }
}

const idle = { kind: 'idle', nextTimerMs: null, nowMs: 1000, isAlive: true }
const replyTo = ({ seq, nowMs }: StepRequest, rest: object = {}) => ({
  seq,
  outputs: [],
  prints: [],
  state: { ...idle, nowMs },
  ...rest,
})
/** A frame by hand: its two lengths, its JSON, what follows. */
const byHand = (json: string, blob = Buffer.alloc(0), lengths?: [number, number]) => {
  const text = Buffer.from(json)
  const head = Buffer.alloc(8)
  head.writeUInt32LE(lengths?.[0] ?? 4 + text.length + blob.length, 0)
  head.writeUInt32LE(lengths?.[1] ?? text.length, 4)
  return Buffer.concat([head, text, blob])
}

const passed = {
  id: 'hello.test.cjs:R1:says hello',
  requirementId: 'R1',
  title: 'says hello',
  status: 'passed',
  durationMs: 1,
}
const judgeMessages = [
  { op: 'cases', cases: [passed] },
  { op: 'case', result: passed },
  { op: 'end', end: { kind: 'suite-done' } },
]
const portMessages = [
  { kind: 'cases', cases: [passed] },
  { kind: 'case', result: passed },
  { kind: 'control', op: 'log', id: 1 },
  { kind: 'suite-done' },
  { kind: 'suite-error', message: 'x' },
  { kind: 'trace', id: 0, trace: { phases: [], requests: [] } },
  { kind: 'rehearsed' },
]
const megabyte = Buffer.alloc(1 << 20, 120)
const million = 1_000_000

/** Each answers the request that launches the program, and may send more. */
const modes: Record<string, (request: StepRequest) => void> = {
  'replies twice': (request) => {
    send(encodeFrame(replyTo(request)))
    send(encodeFrame(replyTo(request)))
  },
  'replies before it is asked': (request) => {
    for (let i = 0; i < 100; i++) send(encodeFrame(replyTo({ ...request, seq: request.seq + i })))
  },
  'guesses sequence numbers': (request) => {
    for (const seq of [0, -1, 2 ** 31, 2 ** 53, 0.5])
      send(encodeFrame(replyTo({ ...request, seq })))
  },
  'speaks as the judge': () => {
    for (const message of judgeMessages) send(encodeFrame(message))
  },
  'speaks as the worker': () => send(encodeFrame({ op: 'grade', program: {}, suite: {}, seed: 1 })),
  'puts messages of the judge into its outputs': (request) =>
    send(encodeFrame(replyTo(request, { outputs: portMessages }))),
  'puts messages of the network into its outputs': (request) =>
    send(
      encodeFrame(
        replyTo(request, {
          outputs: [
            { kind: 'net-data', id: 2, bytes: megabyte },
            { kind: 'net-ack', id: 2, count: 9 },
            { kind: 'net-connect', id: 2, address: '127.0.0.1', port: 22, localPort: 1 },
          ],
        }),
      ),
    ),
  'ends as if at a limit': () => process.exit(72),

  'sends no frames': () => send(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'.repeat(100))),
  'sends zeros': () => send(Buffer.alloc(1 << 16)),
  'announces four gigabytes': () => send(byHand('{}', megabyte, [0xffffffff, 2])),
  'announces more JSON than there is': () => send(byHand('{}', megabyte, [100, 0xffffffff])),
  'sends half a frame and ends': (request) => {
    send(encodeFrame(replyTo(request)).subarray(0, 20))
    process.exit(0)
  },
  'sends half a frame and waits': (request) => send(encodeFrame(replyTo(request)).subarray(0, 20)),
  'says nothing': () => {},
  'sends JSON a million deep': () => send(byHand('['.repeat(million) + ']'.repeat(million))),
  'names the same bytes again and again': (request) => {
    const blob = Buffer.alloc(32 << 20)
    const prints = `[${Array.from({ length: 20_000 }, () => `{"stream":"stdout","bytes":{"$bytes":[0,${blob.length}]}}`)}]`
    send(
      byHand(JSON.stringify(replyTo(request)).replace('"prints":[]', `"prints":${prints}`), blob),
    )
  },
  'names bytes outside of the frame': (request) =>
    send(
      byHand(
        JSON.stringify(
          replyTo(request, { prints: [{ stream: 'stdout', bytes: { $bytes: [-1, 2 ** 40] } }] }),
        ),
      ),
    ),
  'prints ninety megabytes in one frame': (request) =>
    send(
      encodeFrame(
        replyTo(request, { prints: [{ stream: 'stdout', bytes: Buffer.alloc(90 << 20, 1) }] }),
      ),
    ),
  'prints a million times': (request) =>
    send(
      encodeFrame(
        replyTo(request, {
          prints: Array.from({ length: million / 2 }, () => ({
            stream: 'stdout',
            bytes: new Uint8Array(0),
          })),
        }),
      ),
    ),
  'sends a million outputs': (request) =>
    send(
      encodeFrame(
        replyTo(request, { outputs: Array.from({ length: million }, () => ({ kind: 'x' })) }),
      ),
    ),
  'sends shapes that are none': (request) => {
    for (const reply of [
      null,
      [],
      'x',
      1,
      { ...replyTo(request), prints: {} },
      { ...replyTo(request), state: { kind: 'idle' } },
      { seq: request.seq },
    ])
      send(byHand(JSON.stringify(reply)))
  },
  'names prototypes': (request) =>
    send(
      byHand(
        `{"__proto__":{"seq":${request.seq},"outputs":[],"prints":[],"state":{}},"constructor":{"prototype":{"polluted":1}}}`,
      ),
    ),
  'lives at the end of time': (request) =>
    send(encodeFrame(replyTo(request, { state: { ...idle, nowMs: 1e300, nextTimerMs: 1e301 } }))),
  'is always busy': (request) =>
    send(encodeFrame(replyTo(request, { state: { kind: 'busy', nowMs: 0 } }))),
  'floods its stderr': () => {
    for (;;) writeSync(2, megabyte)
  },
}

let mode: ((request: StepRequest) => void) | undefined
const reader = new FrameReader()
const chunk = Buffer.allocUnsafe(1 << 20)
for (;;) {
  const length = readSync(3, chunk, 0, chunk.length, null)
  if (length === 0) process.exit(0)
  for (const message of reader.push(chunk.subarray(0, length)) as StepRequest[]) {
    const launch = message.inputs.find(({ kind }) => kind === 'launch')
    const program = launch?.program as { files: Record<string, string> } | undefined
    const asked = program?.files['/app/server.js']?.split('\n', 1)[0] ?? ''
    mode ??= modes[asked]
    if (mode === undefined) send(encodeFrame(replyTo(message)))
    else mode(message)
  }
}
