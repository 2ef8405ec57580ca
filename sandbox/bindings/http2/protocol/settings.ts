import { settingId } from './codes.ts'
import { getUint16, getUint32, type Setting } from './frames.ts'

/** The values of one side that the protocol acts on. */
export interface SettingValues {
  headerTableSize: number
  enablePush: number
  maxConcurrentStreams: number
  initialWindowSize: number
  maxFrameSize: number
  maxHeaderListSize: number
  enableConnectProtocol: number
  /** Undefined until the peer says it, after which it may not change. */
  noPriorities: number | undefined
}

export const unlimited = 0xffffffff
export const maxWindow = 0x7fffffff
export const minFrameSize = 16384
export const maxFrameSize = 16777215

/** What holds until a SETTINGS frame says otherwise. */
export function initialSettings(): SettingValues {
  return {
    headerTableSize: 4096,
    enablePush: 1,
    maxConcurrentStreams: unlimited,
    initialWindowSize: 65535,
    maxFrameSize: minFrameSize,
    maxHeaderListSize: unlimited,
    enableConnectProtocol: 0,
    noPriorities: undefined,
  }
}

/** False when a value is outside of what the protocol allows. */
export function areValid(settings: readonly Setting[]): boolean {
  return settings.every(([id, value]) => {
    switch (id) {
      case settingId.enablePush:
      case settingId.enableConnectProtocol:
      case settingId.noPriorities:
        return value === 0 || value === 1
      case settingId.initialWindowSize:
        return value <= maxWindow
      case settingId.maxFrameSize:
        return value >= minFrameSize && value <= maxFrameSize
      default:
        return true
    }
  })
}

/** The last value of a setting in a frame. */
export function lastOf(settings: readonly Setting[], id: number): number | undefined {
  for (let i = settings.length - 1; i >= 0; i--) {
    const setting = settings[i]
    if (setting?.[0] === id) return setting[1]
  }
  return undefined
}

/** Stores a value that needs no more than storing. */
export function store(values: SettingValues, [id, value]: Setting): void {
  switch (id) {
    case settingId.headerTableSize:
      values.headerTableSize = value
      break
    case settingId.enablePush:
      values.enablePush = value
      break
    case settingId.maxConcurrentStreams:
      values.maxConcurrentStreams = value
      break
    case settingId.initialWindowSize:
      values.initialWindowSize = value
      break
    case settingId.maxFrameSize:
      values.maxFrameSize = value
      break
    case settingId.maxHeaderListSize:
      values.maxHeaderListSize = value
      break
    case settingId.enableConnectProtocol:
      values.enableConnectProtocol = value
      break
    case settingId.noPriorities:
      values.noPriorities = value
      break
  }
}

/**
 * The entries of a SETTINGS frame: of each known setting the last value, where it first stood. A smaller header table
 * in between is kept before the final one, for the encoder has to announce it.
 */
export function readSettings(bytes: Uint8Array, length: number): Setting[] {
  const settings: Setting[] = []
  let smallestTable = Number.POSITIVE_INFINITY
  for (let at = 0; at < length; at += 6) {
    const setting: Setting = [getUint16(bytes, at), getUint32(bytes, at + 2)]
    const [id, value] = setting
    if (id === 1) smallestTable = Math.min(smallestTable, value)
    const known = settings.findIndex(([other]) => other === id)
    if (known >= 0) settings[known] = setting
    else settings.push(setting)
  }
  const table = settings.findIndex(([id]) => id === 1)
  const last = settings[table]
  if (last !== undefined && last[1] !== smallestTable) {
    settings[table] = [1, smallestTable]
    settings.push(last)
  }
  return settings
}
