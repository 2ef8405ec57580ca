import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { settingId } from './protocol/codes.ts'
import type { Setting } from './protocol/frames.ts'
import type { SettingValues } from './protocol/settings.ts'

/** Positions in the arrays that Node's `internal/http2/util` shares with its binding. */
export const settingIndex = {
  headerTableSize: 0,
  enablePush: 1,
  initialWindowSize: 2,
  maxFrameSize: 3,
  maxConcurrentStreams: 4,
  maxHeaderListSize: 5,
  enableConnectProtocol: 6,
  flags: 7,
} as const
const customAt = settingIndex.flags + 1
const maxCustom = 10

export const optionIndex = {
  maxDeflateTable: 0,
  maxReservedRemoteStreams: 1,
  maxSendHeaderBlock: 2,
  peerMaxConcurrentStreams: 3,
  paddingStrategy: 4,
  maxHeaderListPairs: 5,
  maxOutstandingPings: 6,
  maxOutstandingSettings: 7,
  maxSessionMemory: 8,
  maxSettings: 9,
  resetRate: 10,
  resetBurst: 11,
  strictWhitespace: 12,
  flags: 13,
} as const

/** Order in which a SETTINGS frame names the settings, and what each one is by default. */
const known: readonly (readonly [name: keyof SettingValues & keyof typeof settingId, number])[] = [
  ['headerTableSize', 4096],
  ['enablePush', 1],
  ['maxConcurrentStreams', 0xffffffff],
  ['initialWindowSize', 65535],
  ['maxFrameSize', 16384],
  ['maxHeaderListSize', 65535],
  ['enableConnectProtocol', 0],
]

/** The callbacks of `setCallbackFunctions`, in its order. */
export const callbackNames = [
  'error',
  'priority',
  'settings',
  'ping',
  'headers',
  'frameError',
  'goawayData',
  'altsvc',
  'origin',
  'streamTrailers',
  'streamClose',
] as const
export type CallbackName = (typeof callbackNames)[number]

/** The memory that Node's HTTP/2 library and its binding share. One per isolate. */
export class SharedState {
  readonly sessionState = new Float64Array(9)
  readonly streamState = new Float64Array(6)
  readonly settingsBuffer = new Uint32Array(customAt + 1 + 2 * maxCustom)
  readonly optionsBuffer = new Uint32Array(optionIndex.flags + 1)
  readonly streamStats = new Float64Array(6)
  readonly sessionStats = new Float64Array(9)
  readonly callbacks = {} as Record<CallbackName, NodeFunction>

  /** An option of the session that is being made, if it was given. */
  option(index: number): number | undefined {
    const flags = this.optionsBuffer[optionIndex.flags] ?? 0
    return (flags & (1 << index)) === 0 ? undefined : this.optionsBuffer[index]
  }

  /** The settings that Node has laid into the buffer. */
  readSettings(): Setting[] {
    const buffer = this.settingsBuffer
    const flags = buffer[settingIndex.flags] ?? 0
    const settings: Setting[] = []
    for (const [name] of known) {
      const index = settingIndex[name as keyof typeof settingIndex]
      if ((flags & (1 << index)) !== 0) settings.push([settingId[name], buffer[index] ?? 0])
    }
    for (const id of this.customIds()) settings.push(id)
    return settings
  }

  /** The additional settings in the buffer. */
  customIds(): Setting[] {
    const buffer = this.settingsBuffer
    const count = Math.min(maxCustom, buffer[customAt] ?? 0)
    const settings: Setting[] = []
    for (let i = 0; i < count; i++) {
      settings.push([
        (buffer[customAt + 1 + 2 * i] ?? 0) & 0xffff,
        buffer[customAt + 2 + 2 * i] ?? 0,
      ])
    }
    return settings
  }

  writeSettings(values: SettingValues, custom: ReadonlyMap<number, number>): void {
    const buffer = this.settingsBuffer
    for (const [name] of known) {
      buffer[settingIndex[name as keyof typeof settingIndex]] = values[name] ?? 0
    }
    let count = 0
    for (const [id, value] of custom) {
      if (count === maxCustom) break
      buffer[customAt + 1 + 2 * count] = id
      buffer[customAt + 2 + 2 * count] = value
      count++
    }
    buffer[customAt] = count
  }

  writeDefaults(): void {
    let flags = 0
    for (const [name, value] of known) {
      const index = settingIndex[name as keyof typeof settingIndex]
      this.settingsBuffer[index] = value
      flags |= 1 << index
    }
    this.settingsBuffer[settingIndex.flags] = flags
    this.settingsBuffer[customAt] = 0
  }
}

const states = new WeakMap<Env, SharedState>()

export function sharedStateOf(env: Env): SharedState {
  let state = states.get(env)
  if (state === undefined) {
    state = new SharedState()
    states.set(env, state)
  }
  return state
}

/** Settings of one's own id that a session keeps; the first seven ids are the protocol's. */
export function isCustom(id: number): boolean {
  return id >= settingIndex.flags
}

/** A property of a handle that Node sets to a function. */
export function functionOf(handle: object, name: string): NodeFunction | undefined {
  const value = (handle as NodeObject)[name]
  return typeof value === 'function' ? (value as NodeFunction) : undefined
}
