import { expect, test } from 'vitest'
import type { PortMessage } from '../../../sandbox/isolate/port.ts'
import type { World } from '../../../sandbox/world/world.ts'
import type { HostedProgram } from './program-host.ts'
import { createTraces } from './traces.ts'

const trace = {
  phases: [],
  longestTurnMs: 1,
  longestTurn: null,
  requests: [],
  callbacks: [],
  alive: [],
  aliveCount: 0,
  rejections: [],
}
const running = (id: number): HostedProgram => ({
  id,
  host: '',
  state: { kind: 'running', ports: [] },
  stdout: '',
  stderr: '',
})

/** A world that keeps what it is given; patience runs out when told. */
function tracesOf(suite = 'trace') {
  const asked: PortMessage[] = []
  const runOut: (() => void)[] = []
  const world = {
    input: (_member: string, message: PortMessage) => asked.push(message),
    after: (_ms: number, callback: () => void) => {
      runOut.push(callback)
      return () => {}
    },
  } as unknown as World
  return { traces: createTraces(world, { 'a.test.cjs': suite }), asked, runOut }
}

test('only a suite that speaks of a trace has its programs traced', () => {
  expect(tracesOf('await app.trace.requests()').traces.isOn).toBe(true)
  expect(tracesOf('await request(app.url).get("/traces")').traces.isOn).toBe(false)
})

test('a program is answered by itself alone, and each question by its own answer', async () => {
  const { traces, asked } = tracesOf()
  const [first, second] = [traces.ask(running(0)), traces.ask(running(1))]
  traces.onOutput('program-1', { ...asked[0], kind: 'trace', trace: null })
  traces.onOutput('program-0', { kind: 'trace', id: 'none', trace: null })
  traces.onOutput('program-1', {
    ...asked[1],
    kind: 'trace',
    trace: { ...trace, longestTurnMs: 2 },
  })
  traces.onOutput('program-0', { ...asked[0], kind: 'trace', trace })
  expect(await first).toEqual(trace)
  expect(await second).toMatchObject({ longestTurnMs: 2 })
})

test.each([
  ['nothing', null],
  ['nonsense', { ...trace, requests: 'all' }],
])('an answer of %s is refused', async (_, answer) => {
  const { traces, asked } = tracesOf()
  const question = traces.ask(running(0))
  traces.onOutput('program-0', { ...asked[0], kind: 'trace', trace: answer })
  await expect(question).rejects.toThrow('nothing was recorded')
})

test('a program that has ended, ends meanwhile, or never answers is an error', async () => {
  const { traces, runOut } = tracesOf()
  const exited: HostedProgram = { ...running(0), state: { kind: 'exited', exitCode: 0 } }
  await expect(traces.ask(exited)).rejects.toThrow('the program has ended')
  await expect(traces.ask(undefined)).rejects.toThrow('the program has ended')
  const question = traces.ask(running(0))
  traces.onState(exited)
  await expect(question).rejects.toThrow('the program ended')
  const silent = traces.ask(running(0))
  for (const runsOut of runOut) runsOut()
  await expect(silent).rejects.toThrow('nothing was recorded')
})
