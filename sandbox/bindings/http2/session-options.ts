import type { ConnectionOptions } from './protocol/events.ts'
import { optionIndex, type SharedState } from './shared-state.ts'

export interface SessionOptions {
  connection: ConnectionOptions
  maxHeaderPairs: number
  maxOutstandingPings: number
  maxOutstandingSettings: number
  maxSessionMemory: number
  padding: 'none' | 'aligned' | 'max'
}

const paddings = ['none', 'aligned', 'max'] as const

/** The options of a session that is being made, with Node's and nghttp2's defaults. */
export function readSessionOptions(state: SharedState, isServer: boolean): SessionOptions {
  const get = (name: keyof typeof optionIndex) => state.option(optionIndex[name])
  const pairs = get('maxHeaderListPairs') ?? 128
  const burst = get('resetBurst')
  const rate = get('resetRate')
  const hasLimit = burst !== undefined && rate !== undefined
  return {
    connection: {
      isServer,
      maxEncoderTable: get('maxDeflateTable') ?? 4096,
      maxReservedRemoteStreams: get('maxReservedRemoteStreams') ?? 200,
      maxSendHeaderBlock: get('maxSendHeaderBlock') ?? 65536,
      peerMaxConcurrentStreams: get('peerMaxConcurrentStreams') ?? 100,
      keepsWhitespace: get('strictWhitespace') === 1,
      maxSettings: get('maxSettings') ?? 32,
      resetBurst: hasLimit ? burst : 1000,
      resetRate: hasLimit ? rate : 33,
    },
    maxHeaderPairs: Math.max(pairs, isServer ? 4 : 1),
    maxOutstandingPings: get('maxOutstandingPings') ?? 10,
    maxOutstandingSettings: get('maxOutstandingSettings') ?? 10,
    maxSessionMemory: (get('maxSessionMemory') ?? 10) * 1_000_000,
    padding: paddings[get('paddingStrategy') ?? 0] ?? 'none',
  }
}
