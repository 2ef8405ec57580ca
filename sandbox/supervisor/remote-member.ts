import type { Socket } from 'node:net'
import type { PortMessage } from '../isolate/port.ts'
import { encodeFrame, FrameReader } from '../protocol/frames.ts'
import { parseStepReply, type StepReply, type StepRequest } from '../protocol/step.ts'

/** A guest process is gone or speaks nonsense; every machine in it is lost. */
export class GuestLost extends Error {
  override name = 'GuestLost'
}

/**
 * The world's side of one guest process: step requests out, checked replies in, strictly one at a time. The socket's
 * end, a malformed frame or a reply out of turn all mean the same: the guest is lost, and whoever waits is told.
 */
export class GuestChannel {
  #socket: Socket
  #reader = new FrameReader()
  #seq = 0
  #waiting: { seq: number; resolve(reply: StepReply): void; reject(error: Error): void } | null =
    null
  #queue: Promise<unknown> = Promise.resolve()
  #lost: GuestLost | null = null

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', () => this.#lose('its channel failed'))
    socket.on('close', () => this.#lose('its process ended'))
  }

  get isLost(): boolean {
    return this.#lost !== null
  }

  /** @throws {GuestLost} when the process ends, or answers with anything but the reply to this request. */
  request(step: Omit<StepRequest, 'seq'>): Promise<StepReply> {
    const turn = this.#queue.then(() => this.#send(step))
    this.#queue = turn.catch(() => {})
    return turn
  }

  close(): void {
    this.#socket.destroy()
    this.#lose('it was closed')
  }

  #send(step: Omit<StepRequest, 'seq'>): Promise<StepReply> {
    if (this.#lost !== null) return Promise.reject(this.#lost)
    const seq = ++this.#seq
    return new Promise((resolve, reject) => {
      this.#waiting = { seq, resolve, reject }
      this.#socket.write(encodeFrame({ seq, ...step }))
    })
  }

  #read(chunk: Buffer): void {
    try {
      for (const message of this.#reader.push(chunk)) {
        const reply = parseStepReply(message)
        const waiting = this.#waiting
        if (reply === null || waiting === null || reply.seq !== waiting.seq) {
          throw new Error('it answered out of turn')
        }
        this.#waiting = null
        waiting.resolve(reply)
      }
    } catch (error) {
      this.#socket.destroy()
      this.#lose(error instanceof Error ? error.message : 'it sent garbage')
    }
  }

  #lose(why: string): void {
    this.#lost ??= new GuestLost(`the guest process is gone: ${why}`)
    this.#waiting?.reject(this.#lost)
    this.#waiting = null
  }
}

/** One machine of a guest process as a member of a world; see `Member` in `sandbox/world`. */
export function remoteMember(
  channel: GuestChannel,
  machine: number,
  id: string,
  hostnames: string[],
) {
  return {
    id,
    hostnames,
    async step({
      nowMs,
      inputs,
      maxTurns,
    }: {
      nowMs: number
      inputs: PortMessage[]
      maxTurns: number
    }) {
      return channel.request({ machine, nowMs, inputs, maxTurns })
    },
    kill() {
      channel.close()
    },
  }
}
