import type { NodeFunction } from '../../isolate/env.ts'
import { toBuffer } from '../door-call.ts'
import { type AsyncWrap, wrapsOf } from '../net/wrap.ts'
import type { Setting } from './protocol/frames.ts'
import type { SessionCore } from './session-core.ts'
import { isCustom } from './shared-state.ts'

interface Waiting {
  wrap: AsyncWrap
  callback: NodeFunction
  startedAt: number
}

/** What one outstanding PING or SETTINGS counts for against `maxSessionMemory`. */
const waitingMemory = 128

/** PING and SETTINGS frames that the peer has not acknowledged. Node strictly limits how many there may be. */
export class Acknowledgements {
  #session: SessionCore
  #pings: Waiting[] = []
  #settings: Waiting[] = []

  constructor(session: SessionCore) {
    this.#session = session
  }

  /** @param payload eight bytes; absent the time of day serves */
  ping(payload: Uint8Array | undefined, callback: NodeFunction): boolean {
    const session = this.#session
    const waiting = this.#waiting('HTTP2PING', callback)
    if (this.#pings.length === session.options.maxOutstandingPings) {
      this.#finishPing(waiting, false)
      return false
    }
    session.memory += waitingMemory
    const bytes = payload ?? timeAsBytes(waiting.startedAt)
    session.inScope(() => session.connection.submitPing(bytes, false))
    this.#pings.push(waiting)
    return true
  }

  settings(callback: NodeFunction): boolean {
    const session = this.#session
    const waiting = this.#waiting('HTTP2SETTINGS', callback)
    // Node counts the time of SETTINGS from the start of the clock.
    waiting.startedAt = 0
    const settings = session.shared.readSettings()
    if (this.#settings.length === session.options.maxOutstandingSettings) {
      this.#finishSettings(waiting, false)
      return false
    }
    session.memory += waitingMemory
    session.inScope(() => {
      rememberCustom(session.customLocal, settings)
      session.connection.submitSettings(settings, false)
    })
    this.#settings.push(waiting)
    return true
  }

  /** The peer acknowledged a PING; false when none was outstanding. */
  onPingAck(payload: Uint8Array): boolean {
    const waiting = this.#pings.shift()
    if (waiting === undefined) return false
    this.#session.memory -= waitingMemory
    this.#finishPing(waiting, true, payload)
    return true
  }

  onSettingsAck(): boolean {
    const waiting = this.#settings.shift()
    if (waiting === undefined) return false
    this.#session.memory -= waitingMemory
    this.#finishSettings(waiting, true)
    return true
  }

  cancelPings(): void {
    for (const waiting of this.#pings.splice(0)) {
      this.#session.memory -= waitingMemory
      this.#session.later(() => this.#finishPing(waiting, false))
    }
  }

  #waiting(provider: string, callback: NodeFunction): Waiting {
    const { env } = this.#session
    const { AsyncWrap } = wrapsOf(env)
    return { wrap: new AsyncWrap(provider), callback, startedAt: env.clock.nowMs() }
  }

  #finishPing(waiting: Waiting, isAcknowledged: boolean, payload?: Uint8Array): void {
    const { env, calls, statistics } = this.#session
    statistics.pingMs = env.clock.nowMs() - waiting.startedAt
    const echo = payload === undefined ? undefined : toBuffer(env, payload)
    calls.call(waiting.wrap, waiting.callback, [isAcknowledged, statistics.pingMs, echo])
  }

  #finishSettings(waiting: Waiting, isAcknowledged: boolean): void {
    const { env, calls } = this.#session
    const duration = env.clock.nowMs() - waiting.startedAt
    calls.call(waiting.wrap, waiting.callback, [isAcknowledged, duration])
  }
}

const maxCustom = 10

function rememberCustom(custom: Map<number, number>, settings: readonly Setting[]): void {
  for (const [id, value] of settings) {
    if (isCustom(id) && (custom.has(id) || custom.size < maxCustom)) custom.set(id, value)
  }
}

function timeAsBytes(ms: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.round(ms * 1e6)), true)
  return bytes
}
