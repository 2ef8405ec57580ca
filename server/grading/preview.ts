import type { Limits } from '../../contract/pack.ts'
import type { Cell } from './cell.ts'
import {
  EngineFailure,
  type Preview,
  type PreviewEnd,
  type PreviewJob,
  type PreviewResponse,
} from './engine.ts'
import type { JudgeMessage } from './judge/messages.ts'
import { limitOfDeath } from './limit-of-death.ts'
import { type LimitName, limitSentence } from './verdict-sentences.ts'
import { watch } from './watchdog.ts'

/** A preview is a program under development: it may live long, but not for ever, and not busy for long. */
const previewWallClockMs = 30 * 60_000

interface Pending {
  resolve(response: PreviewResponse): void
  reject(error: Error): void
}

/**
 * Boots a program for the candidate's own eyes on `cell`: real time, console streamed, requests by hand. The cell is
 * killed when the preview ends, however it ends.
 */
export async function openPreview(cell: Cell, job: PreviewJob): Promise<Preview> {
  const ready = Promise.withResolvers<{ ports: number[] }>()
  const ended = Promise.withResolvers<PreviewEnd>()
  const pending = new Map<number, Pending>()
  let nextId = 1
  let isOver = false
  let printedBytes = 0

  const end = (how: PreviewEnd) => {
    if (isOver) return
    isOver = true
    watchdog.stop()
    ready.resolve({ ports: [] })
    for (const { reject } of pending.values())
      reject(new Error('The program stopped before it answered.'))
    pending.clear()
    cell.kill()
    ended.resolve(how)
  }

  const limited = (limit: LimitName) =>
    end({ kind: 'limit', limit, sentence: limitSentence(limit, limits) })

  const limits: Limits = { ...job.limits, wallClockMs: previewWallClockMs }
  const watchdog = watch(cell, limits, limited)

  cell.onMessage((message: JudgeMessage) => {
    switch (message.op) {
      case 'print':
        printedBytes += Buffer.byteLength(message.text)
        if (printedBytes > limits.outputBytes * 16) limited('outputBytes')
        else job.onConsole(message.stream, message.text)
        break
      case 'listening':
        ready.resolve({ ports: message.ports })
        break
      case 'response': {
        const waiting = pending.get(message.id)
        pending.delete(message.id)
        if (message.response !== undefined) waiting?.resolve(message.response)
        else waiting?.reject(new Error(message.error ?? 'The program did not answer.'))
        break
      }
      case 'exited':
        end({ kind: 'exited', exitCode: message.exitCode })
        break
      case 'end':
        if (message.end.kind === 'limit') limited(message.end.limit)
        else end({ kind: 'failed' })
        break
      default:
        break
    }
  })
  cell.end.then((processEnd) => {
    const limit = processEnd.who === 'guest' ? limitOfDeath(processEnd) : null
    if (limit === null) end({ kind: 'failed' })
    else limited(limit)
  })

  cell.send({
    op: 'preview',
    program: { files: job.files, entry: job.entry, packages: job.packages, limits },
  })

  return {
    ready: ready.promise,
    ended: ended.promise,
    stop: () => end({ kind: 'stopped' }),
    request(request) {
      if (isOver) return Promise.reject(new EngineFailure('The program is not running.'))
      const id = nextId++
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        cell.send({ op: 'http', id, request })
      })
    },
  }
}
