import {
  applyUpdate,
  type Doc,
  decodeStateVector,
  encodeStateAsUpdate,
  encodeStateVector,
} from 'yjs'
import type { CandidateMessage, CandidateServerMessage } from '../../../contract/live.ts'
import { createStore, type Store } from '../lib/store.ts'
import { base64ToBytes, bytesToBase64 } from './base64.ts'

/**
 * Keeps one Y.Doc and the server's copy the same, and knows truthfully whether the server has stored every local
 * edit. "Saved" is only ever said on the server's `saved` message for the last edit that was sent.
 *
 * Across a break of the connection nothing is queued: the document itself is the queue. After `joined` the page
 * sends everything that the server's state vector lacks, and deletions with it.
 */
export type SaveState =
  | { kind: 'loading' }
  /** `at`: server time of the last acknowledged edit; null when nothing was edited since the page opened. */
  | { kind: 'saved'; at: number | null }
  | { kind: 'saving' }
  /** No connection. `hasUnsaved` tells whether edits are waiting here. */
  | { kind: 'offline'; hasUnsaved: boolean }
  /** The server did not take an edit: the attempt is closed, or the edit breaks a rule. Later ones are not kept. */
  | { kind: 'refused'; reason: string }

export interface WorkspaceSync {
  state: Store<SaveState>
  /** Turns true with the first `joined` and stays so. */
  isLoaded: Store<boolean>
  /** @param firstSeq the last `seq` used on this connection before; 0 on a fresh one. */
  connectionOpened(firstSeq?: number): void
  connectionLost(): void
  receive(message: CandidateServerMessage): void
  hasUnsaved(): boolean
  lastSeq(): number
  dispose(): void
}

type Phase = 'offline' | 'joining' | 'live' | 'refused'

const remoteOrigin = Symbol('remote')

function serverLacks(doc: Doc, serverVector: Uint8Array): boolean {
  const server = decodeStateVector(serverVector)
  const local = decodeStateVector(encodeStateVector(doc))
  return [...local].some(([client, clock]) => clock > (server.get(client) ?? 0))
}

export function createWorkspaceSync({
  doc,
  itemId,
  send,
}: {
  doc: Doc
  itemId: string
  send: (message: CandidateMessage) => boolean
}): WorkspaceSync {
  const state = createStore<SaveState>({ kind: 'loading' })
  const isLoaded = createStore(false)
  let phase: Phase = 'offline'
  let sentSeq = 0
  let savedSeq = 0
  let baseSeq = 0
  let savedAt: number | null = null
  let refusal = ''
  /** Local edits made, or sent and not acknowledged, while there was no live connection. */
  let hasLoose = false

  const hasUnsaved = (): boolean => phase !== 'refused' && (hasLoose || savedSeq < sentSeq)

  const publish = (): void => {
    if (phase === 'refused') state.set({ kind: 'refused', reason: refusal })
    else if (!isLoaded.get()) state.set({ kind: 'loading' })
    else if (phase !== 'live') state.set({ kind: 'offline', hasUnsaved: hasUnsaved() })
    else if (hasUnsaved()) state.set({ kind: 'saving' })
    else state.set({ kind: 'saved', at: savedAt })
  }

  const sendUpdate = (update: Uint8Array): void => {
    sentSeq += 1
    const wasSent = send({ type: 'update', itemId, seq: sentSeq, update: bytesToBase64(update) })
    if (!wasSent) hasLoose = true
  }

  const onLocalUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === remoteOrigin || phase === 'refused') return
    if (phase === 'live') sendUpdate(update)
    else hasLoose = true
    publish()
  }
  doc.on('update', onLocalUpdate)

  const joined = (update: string, stateVector: string): void => {
    applyUpdate(doc, base64ToBytes(update), remoteOrigin)
    const serverVector = base64ToBytes(stateVector)
    phase = 'live'
    const mustResend = hasLoose || serverLacks(doc, serverVector)
    hasLoose = false
    if (mustResend) sendUpdate(encodeStateAsUpdate(doc, serverVector))
    isLoaded.set(true)
  }

  return {
    state,
    isLoaded,
    hasUnsaved,
    lastSeq: () => sentSeq,
    connectionOpened(firstSeq = 0) {
      if (phase === 'refused') return
      hasLoose = hasUnsaved()
      // `seq` counts per connection.
      baseSeq = firstSeq
      sentSeq = firstSeq
      savedSeq = firstSeq
      phase = 'joining'
      send({ type: 'join', itemId, stateVector: bytesToBase64(encodeStateVector(doc)) })
      publish()
    },
    connectionLost() {
      if (phase === 'refused') return
      hasLoose = hasUnsaved()
      sentSeq = 0
      savedSeq = 0
      baseSeq = 0
      phase = 'offline'
      publish()
    },
    receive(message) {
      if (message.type === 'joined') joined(message.update, message.stateVector)
      else if (message.type === 'update') {
        applyUpdate(doc, base64ToBytes(message.update), remoteOrigin)
      } else if ('seq' in message && message.seq <= baseSeq) {
        // About an edit of a document that was given up earlier on this connection.
        return
      } else if (message.type === 'saved') {
        savedSeq = Math.max(savedSeq, message.seq)
        savedAt = message.at
      } else if (message.type === 'refused') {
        phase = 'refused'
        refusal = message.reason
      }
      publish()
    },
    dispose() {
      doc.off('update', onLocalUpdate)
    },
  }
}
