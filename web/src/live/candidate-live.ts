import type { QueryClient } from '@tanstack/react-query'
import { Doc } from 'yjs'
import type {
  CandidateMessage,
  CandidateServerMessage,
  ProgramState,
} from '../../../contract/live.ts'
import { homeQuery } from '../lib/candidate-api.ts'
import type { ServerClock } from '../lib/server-clock.ts'
import { createStore, type Store } from '../lib/store.ts'
import { applyCandidateMessage } from './apply-candidate-message.ts'
import { type ConsoleStore, createConsoleStore } from './console-store.ts'
import { createLiveSocket, type LiveStatus, liveUrl, type SocketLike } from './live-socket.ts'
import { whenSaved } from './when-saved.ts'
import { createWorkspaceFiles, type WorkspaceFiles } from './workspace-files.ts'
import { createWorkspaceSync, type WorkspaceSync } from './workspace-sync.ts'

export interface Program {
  runId: string
  state: ProgramState
}

/** The live side of one item: its document, what its program prints, and how the program is doing. */
export interface Workspace {
  itemId: string
  /** Counts the documents of this item: another number means the text was fetched anew. */
  generation: number
  doc: Doc
  files: WorkspaceFiles
  sync: WorkspaceSync
  console: ConsoleStore
  program: Store<Program | null>
  /** Why the last change was not kept, until it is dismissed. */
  notice: Store<string | null>
}

export interface CandidateLive {
  status: Store<LiveStatus>
  /** Joins an item's document, once; the same store comes back for the same item. */
  openWorkspace(itemId: string): Store<Workspace>
  hasUnsaved(): boolean
  /** Resolves once the server has every edit of every item; rejects with `NotSavedError` after a while. */
  whenSaved(): Promise<void>
  start(): void
  stop(): void
  retryNow(): void
}

export interface CandidateLiveOptions {
  queryClient: QueryClient
  clock: ServerClock
  createSocket?: (url: string) => SocketLike
}

/** The candidate's one live connection. Workspaces stay joined while the page lives, so edits left behind still arrive. */
export function createCandidateLive(options: CandidateLiveOptions): CandidateLive {
  const { queryClient, clock } = options
  const workspaces = new Map<string, Store<Workspace>>()
  /** Programs of items that this page has not opened yet. */
  const strayPrograms = new Map<string, Program>()

  /** One may have ended while there was no connection; the server names one that runs right after its `hello`. */
  const forgetPrograms = (): void => {
    strayPrograms.clear()
    for (const store of workspaces.values()) {
      const { program } = store.get()
      if (program.get()?.state.kind !== 'ended') program.set(null)
    }
  }

  const onMessage = (message: CandidateServerMessage): void => {
    const store = 'itemId' in message ? workspaces.get(message.itemId) : undefined
    applyCandidateMessage(message, { queryClient, clock, workspace: store?.get() })
    if (message.type === 'refused' && store) void recover(store)
    if (message.type === 'program' && !store) {
      strayPrograms.set(message.itemId, { runId: message.runId, state: message.state })
    }
    if (message.type === 'hello') forgetPrograms()
    if (message.type === 'hello' && message.attemptState === 'open') {
      for (const each of workspaces.values()) rebuildIfRefused(each)
    }
  }

  const socket = createLiveSocket<CandidateMessage, CandidateServerMessage>({
    url: liveUrl('/api/candidate/live'),
    onMessage,
    ...(options.createSocket ? { createSocket: options.createSocket } : {}),
  })

  let isConnected = false
  socket.status.subscribe(() => {
    const isNowConnected = socket.status.get().kind === 'connected'
    if (isNowConnected === isConnected) return
    isConnected = isNowConnected
    for (const store of workspaces.values()) {
      const { sync } = store.get()
      if (isConnected) sync.connectionOpened()
      else sync.connectionLost()
    }
  })

  const createDocument = (itemId: string): Pick<Workspace, 'doc' | 'files' | 'sync'> => {
    const doc = new Doc()
    return {
      doc,
      files: createWorkspaceFiles(doc),
      sync: createWorkspaceSync({ doc, itemId, send: socket.send }),
    }
  }

  const createWorkspace = (itemId: string): Store<Workspace> => {
    const store = createStore<Workspace>({
      itemId,
      generation: 1,
      ...createDocument(itemId),
      console: createConsoleStore(),
      program: createStore<Program | null>(strayPrograms.get(itemId) ?? null),
      notice: createStore<string | null>(null),
    })
    workspaces.set(itemId, store)
    if (isConnected) store.get().sync.connectionOpened()
    return store
  }

  /**
   * A refused edit stays in the document, and the server takes nothing that builds on it. So the document is given
   * up for the server's text, and the person is told what was not kept.
   */
  const rebuildIfRefused = (store: Store<Workspace>): void => {
    const old = store.get()
    const state = old.sync.state.get()
    if (state.kind !== 'refused') return
    old.sync.dispose()
    old.files.dispose()
    const next = {
      ...old,
      ...createDocument(old.itemId),
      generation: old.generation + 1,
    }
    old.notice.set(state.reason)
    if (isConnected) next.sync.connectionOpened(old.sync.lastSeq())
    store.set(next)
  }

  /** The attempt may just have closed; only while it is open there is anything to go on with. */
  const recover = async (store: Store<Workspace>): Promise<void> => {
    try {
      const home = await queryClient.fetchQuery({ ...homeQuery, staleTime: 0 })
      if (home.attemptState === 'open') rebuildIfRefused(store)
    } catch {
      // Without an answer the next `hello` decides.
    }
  }

  const syncs = (): WorkspaceSync[] => [...workspaces.values()].map((store) => store.get().sync)

  return {
    status: socket.status,
    openWorkspace: (itemId) => workspaces.get(itemId) ?? createWorkspace(itemId),
    hasUnsaved: () => syncs().some((sync) => sync.hasUnsaved()),
    async whenSaved() {
      await Promise.all(syncs().map((sync) => whenSaved(sync)))
    },
    start: socket.start,
    stop: socket.stop,
    retryNow: socket.retryNow,
  }
}
