/** Phases of the event loop as Node's documentation names them; `main` is the main module's first run. */
export const phaseNames = ['main', 'timers', 'pending', 'poll', 'check', 'closing'] as const
export type PhaseName = (typeof phaseNames)[number]

/** Turns of the loop that ran one after another in the same phase at the same millisecond. */
export interface TracedPhase {
  name: PhaseName
  /** Epoch milliseconds of the program's clock. */
  at: number
  /** Timers that are due together are one turn, and so are the immediates of one iteration. */
  turns: number
}

/** One call of a middleware or handler. The numbers are places in the order of its request's events, from 0. */
export interface TracedLayer {
  name: string
  /** Of a route's handler that answers one method; upper case. */
  method?: string
  /** Where it is mounted; for a route's handler with the route's own path. */
  path: string
  /** Whether the response's headers were sent already when it was entered. */
  headersSent: boolean
  entered: number
  left: number | null
  erred: number | null
  ended: number | null
}

export interface TracedRequest {
  method: string
  path: string
  /** Null as long as the response is not finished. */
  status: number | null
  layers: TracedLayer[]
}

/** What a machine recorded of a program that was launched with `isTraced`. */
export interface ProgramTrace {
  phases: TracedPhase[]
  /** Processor milliseconds of the longest turn since the program began to listen. */
  longestTurnMs: number
  requests: TracedRequest[]
}

/** The newest are kept. A layer past its request's bound is not recorded; texts are cut. */
export const traceBounds = { phases: 1000, requests: 100, layers: 64, text: 256 } as const

/** Checks a trace from a process that may be under a candidate's control. Null when it is not one. */
export function parseTrace(value: unknown): ProgramTrace | null {
  if (!isRecord(value)) return null
  const { phases, longestTurnMs, requests } = value
  if (!isListOf(phases, traceBounds.phases, isPhase)) return null
  if (!isListOf(requests, traceBounds.requests, isRequest) || !isAmount(longestTurnMs)) return null
  return value as unknown as ProgramTrace
}

function isPhase(value: unknown): boolean {
  return (
    isRecord(value) &&
    (phaseNames as readonly unknown[]).includes(value.name) &&
    isAmount(value.at) &&
    isPlace(value.turns)
  )
}

function isRequest(value: unknown): boolean {
  return (
    isRecord(value) &&
    isText(value.method) &&
    isText(value.path) &&
    (value.status === null || isPlace(value.status)) &&
    isListOf(value.layers, traceBounds.layers, isLayer)
  )
}

function isLayer(value: unknown): boolean {
  return (
    isRecord(value) &&
    isText(value.name) &&
    (value.method === undefined || isText(value.method)) &&
    isText(value.path) &&
    typeof value.headersSent === 'boolean' &&
    isPlace(value.entered) &&
    [value.left, value.erred, value.ended].every((place) => place === null || isPlace(place))
  )
}

function isListOf(value: unknown, most: number, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(isItem)
}

const isText = (value: unknown) => typeof value === 'string' && value.length <= traceBounds.text
const isPlace = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isAmount = (value: unknown) => Number.isFinite(value) && (value as number) >= 0

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
