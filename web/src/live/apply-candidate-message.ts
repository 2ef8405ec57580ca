import type { QueryClient } from '@tanstack/react-query'
import type { AttemptState, CandidateHome, Clock } from '../../../contract/api.ts'
import type { CandidateServerMessage } from '../../../contract/live.ts'
import { homeQuery, runsQuery, storeRun } from '../lib/candidate-api.ts'
import type { ServerClock } from '../lib/server-clock.ts'
import type { Program, Workspace } from './candidate-live.ts'

interface Targets {
  queryClient: QueryClient
  clock: ServerClock
  /** The workspace a message is about, when it is about one that is open. */
  workspace: Workspace | undefined
}

function applyAttempt(queryClient: QueryClient, attemptState: AttemptState, clock: Clock): void {
  const known = queryClient.getQueryData<CandidateHome>(homeQuery.queryKey)
  if (known === undefined || known.attemptState === attemptState) return
  queryClient.setQueryData(homeQuery.queryKey, { ...known, attemptState, clock })
  // The receipt comes with the full answer.
  void queryClient.invalidateQueries({ queryKey: homeQuery.queryKey })
}

function applyProgram(workspace: Workspace, program: Program): void {
  const { state, runId } = program
  const known = workspace.program.get()
  // The end of a program that another has replaced may be told after that one has begun.
  if (state.kind === 'ended' && known !== null && known.runId !== runId) return
  workspace.program.set(program)
  if (state.kind === 'booting') workspace.console.begin(runId)
  if (state.kind === 'ended') workspace.console.append(runId, 'note', `${state.sentence}\n`)
}

/** Takes one message of the server to where the page keeps that fact. */
export function applyCandidateMessage(
  message: CandidateServerMessage,
  { queryClient, clock, workspace }: Targets,
): void {
  if ('clock' in message) clock.sync(message.clock)
  switch (message.type) {
    case 'hello':
      applyAttempt(queryClient, message.attemptState, message.clock)
      // Runs that ended while there was no connection.
      void queryClient.invalidateQueries({ queryKey: runsQuery('').queryKey.slice(0, 2) })
      break
    case 'attempt':
      applyAttempt(queryClient, message.state, message.clock)
      break
    case 'joined':
    case 'update':
    case 'saved':
    case 'refused':
      workspace?.sync.receive(message)
      break
    case 'run':
      storeRun(queryClient, message.run)
      break
    case 'console':
      workspace?.console.append(message.runId, message.stream, message.text)
      break
    case 'program':
      if (workspace) applyProgram(workspace, { runId: message.runId, state: message.state })
      break
    case 'clock':
    case 'pong':
      break
  }
}
