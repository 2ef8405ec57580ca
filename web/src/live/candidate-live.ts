import type { QueryClient } from '@tanstack/react-query'
import { Doc } from 'yjs'
import type {
  CandidateMessage,
  CandidateServerMessage,
  ProgramState,
} from '../../../contract/live.ts'
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
  doc: Doc
  files: WorkspaceFiles
  sync: WorkspaceSync
  console: ConsoleStore
  program: Store<Program | null>
}

export interface CandidateLive {
  status: Store<LiveStatus>
  /** Joins an item's document, once; the same workspace comes back for the same item. */
  openWorkspace(itemId: string): Workspace
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
  const workspaces = new Map<string, Workspace>()

  const socket = createLiveSocket<CandidateMessage, CandidateServerMessage>({
    url: liveUrl('/api/candidate/live'),
    onMessage: (message) => {
      const workspace = 'itemId' in message ? workspaces.get(message.itemId) : undefined
      applyCandidateMessage(message, { queryClient, clock, workspace })
    },
    ...(options.createSocket ? { createSocket: options.createSocket } : {}),
  })

  let wasConnected = false
  socket.status.subscribe(() => {
    const isConnected = socket.status.get().kind === 'connected'
    if (isConnected === wasConnected) return
    wasConnected = isConnected
    for (const { sync } of workspaces.values()) {
      if (isConnected) sync.connectionOpened()
      else sync.connectionLost()
    }
  })

  const createWorkspace = (itemId: string): Workspace => {
    const doc = new Doc()
    const workspace: Workspace = {
      itemId,
      doc,
      files: createWorkspaceFiles(doc),
      sync: createWorkspaceSync({ doc, itemId, send: socket.send }),
      console: createConsoleStore(),
      program: createStore<Program | null>(null),
    }
    workspaces.set(itemId, workspace)
    if (wasConnected) workspace.sync.connectionOpened()
    return workspace
  }

  return {
    status: socket.status,
    openWorkspace: (itemId) => workspaces.get(itemId) ?? createWorkspace(itemId),
    hasUnsaved: () => [...workspaces.values()].some(({ sync }) => sync.hasUnsaved()),
    async whenSaved() {
      await Promise.all([...workspaces.values()].map(({ sync }) => whenSaved(sync)))
    },
    start: socket.start,
    stop: socket.stop,
    retryNow: socket.retryNow,
  }
}
