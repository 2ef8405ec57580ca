import type { PortMessage } from '../../isolate/port.ts'
import {
  type AliveResources,
  isAlive,
  type PhaseName,
  type ProgramTrace,
  type TracedRejection,
  traceBounds,
} from '../../protocol/trace.ts'
import { createCallbackLog } from './callback-log.ts'
import { processorMs } from './processor-ms.ts'
import { createRequestLog } from './request-log.ts'
import { originOfStack, text } from './texts.ts'
import { createTurnLog } from './turn-log.ts'

const statusIdle = 0
const statusDrained = 2

/** Records one program from outside its isolate. @param epochMs where the program's clock reads 0 */
export function createRecording(epochMs: number, nowMs: () => number) {
  const turns = createTurnLog(epochMs)
  const requests = createRequestLog()
  const callbacks = createCallbackLog()
  const rejections: TracedRejection[] = []
  let alive: AliveResources = { alive: [], aliveCount: 0 }
  let reported: unknown

  const cause = () => {
    const longest = callbacks.takeLongest()
    const request = requests.takeTouched()
    return { kind: longest?.kind ?? null, origin: longest?.origin ?? null, request }
  }

  return {
    requests,
    callbacks,
    /** Runs the main module's entry, at this time of the world. */
    main(enter: () => unknown): void {
      const at = Math.floor(nowMs())
      const startedMs = processorMs()
      enter()
      turns.add('main', at, processorMs() - startedMs, cause())
    },
    /** Runs one turn's entry; `lastTurn` is the next entry, which tells what it was. */
    turn(enter: () => unknown, lastTurn: () => unknown): unknown {
      const startedMs = processorMs()
      const status = enter()
      const spentMs = processorMs() - startedMs
      if (status === statusIdle || status === statusDrained) return status
      const causeOfTurn = cause()
      // There is no answer from a program that ended in this turn.
      const last = lastTurn() as [phase: PhaseName, loopMs: number] | undefined
      if (last !== undefined) turns.add(...last, spentMs, causeOfTurn)
      return status
    },
    onOutput(message: PortMessage): void {
      if (message.kind === 'net-listen') turns.startServing()
    },
    /** What V8 says is the reason of an unhandled rejection, before Node in the isolate judges it. */
    onReason(reason: unknown): void {
      reported = reason
    },
    /** Node has judged: nobody handled it. */
    reject(reason: unknown): void {
      const stack = reported instanceof Error ? reported.stack : ''
      if (rejections.length === traceBounds.rejections) rejections.shift()
      rejections.push({
        at: epochMs + Math.floor(nowMs()),
        reason: text(reason),
        origin: originOfStack(stack),
      })
    },
    /** What the isolate says is alive in it, in JSON. */
    setAlive(json: unknown): void {
      if (typeof json !== 'string') return
      const told: unknown = JSON.parse(json)
      if (isAlive(told)) alive = { alive: told.alive, aliveCount: told.aliveCount }
    },
    report: (): ProgramTrace => ({
      ...turns.report(),
      requests: requests.report(),
      callbacks: callbacks.report(),
      rejections,
      ...alive,
    }),
  }
}

export type Recording = ReturnType<typeof createRecording>
