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

/** `handle`: an event of a server or socket, with all that Node does about it. `job`: the end of what a threadpool does. */
export const callbackKinds = ['timeout', 'interval', 'immediate', 'job', 'handle'] as const
export type CallbackKind = (typeof callbackKinds)[number]

/** All callbacks of one kind that were set at one place, each with its ticks and microtasks up to where it returned. */
export interface TracedCallback {
  kind: CallbackKind
  /** `file:line:column` of the program where the timer was set, the job begun, the server told to listen; null when not known. */
  origin: string | null
  calls: number
  /** Processor milliseconds of all its calls, and of the longest. */
  totalMs: number
  longestMs: number
  /** How long the longest wait was for its turn after it was due, by the program's clock; null when it is due when it comes. */
  longestWaitMs: number | null
}

/** The turn that kept everything else waiting the longest. */
export interface TracedTurn {
  name: PhaseName
  at: number
  /** Processor milliseconds. */
  ms: number
  /** Its longest callback. */
  kind: CallbackKind | null
  origin: string | null
  /** The request, such as `GET /users`, that was last worked on in it. */
  request: string | null
}

export const resourceKinds = ['timeout', 'interval', 'immediate', 'server', 'socket'] as const

/** A timer or handle of the program's that has neither run out nor been closed. */
export interface TracedResource {
  kind: (typeof resourceKinds)[number]
  /** Whether it keeps the program alive. */
  isRefed: boolean
  origin: string | null
  /** Of a timer. */
  delayMs: number | null
  /** Where a server listens; the other end of a socket. */
  address: string | null
}

export interface TracedRejection {
  /** Epoch milliseconds of the program's clock. */
  at: number
  reason: string
  /** Where its error was made. */
  origin: string | null
}

/** What a machine recorded of a program that was launched with `isTraced`. */
export interface ProgramTrace {
  phases: TracedPhase[]
  /** Processor milliseconds of the longest turn since the program began to listen. */
  longestTurnMs: number
  /** That turn. */
  longestTurn: TracedTurn | null
  requests: TracedRequest[]
  callbacks: TracedCallback[]
  /** What is alive now, or was when the program ended. */
  alive: TracedResource[]
  /** Of which `alive` lists the first. */
  aliveCount: number
  rejections: TracedRejection[]
}

/**
 * The newest are kept, of callbacks the first places. A layer past its request's bound is not recorded; texts are cut.
 */
export const traceBounds = {
  phases: 1000,
  requests: 100,
  layers: 64,
  callbacks: 200,
  alive: 100,
  rejections: 100,
  text: 256,
} as const

/** Checks a trace from a process that may be under a candidate's control. Null when it is not one. */
export function parseTrace(value: unknown): ProgramTrace | null {
  if (!isRecord(value)) return null
  const { phases, longestTurnMs, longestTurn, requests, callbacks, rejections } = value
  if (!isListOf(phases, traceBounds.phases, isPhase)) return null
  if (!isListOf(requests, traceBounds.requests, isRequest) || !isAmount(longestTurnMs)) return null
  if (longestTurn !== null && !isTurn(longestTurn)) return null
  if (!isListOf(callbacks, traceBounds.callbacks, isCallback)) return null
  if (!isListOf(rejections, traceBounds.rejections, isRejection) || !isAlive(value)) return null
  return value as unknown as ProgramTrace
}

export type AliveResources = Pick<ProgramTrace, 'alive' | 'aliveCount'>

/** Checks what an isolate says is alive in it. */
export function isAlive(value: unknown): value is AliveResources {
  return (
    isRecord(value) &&
    isListOf(value.alive, traceBounds.alive, isResource) &&
    isPlace(value.aliveCount)
  )
}

function isTurn(value: unknown): boolean {
  return (
    isRecord(value) &&
    isOneOf(phaseNames, value.name) &&
    isAmount(value.at) &&
    isAmount(value.ms) &&
    (value.kind === null || isOneOf(callbackKinds, value.kind)) &&
    isTextOrNull(value.origin) &&
    isTextOrNull(value.request)
  )
}

function isCallback(value: unknown): boolean {
  return (
    isRecord(value) &&
    isOneOf(callbackKinds, value.kind) &&
    isTextOrNull(value.origin) &&
    isPlace(value.calls) &&
    isAmount(value.totalMs) &&
    isAmount(value.longestMs) &&
    (value.longestWaitMs === null || isAmount(value.longestWaitMs))
  )
}

function isResource(value: unknown): boolean {
  return (
    isRecord(value) &&
    isOneOf(resourceKinds, value.kind) &&
    typeof value.isRefed === 'boolean' &&
    isTextOrNull(value.origin) &&
    (value.delayMs === null || isAmount(value.delayMs)) &&
    isTextOrNull(value.address)
  )
}

function isRejection(value: unknown): boolean {
  return isRecord(value) && isAmount(value.at) && isText(value.reason) && isTextOrNull(value.origin)
}

function isPhase(value: unknown): boolean {
  return (
    isRecord(value) && isOneOf(phaseNames, value.name) && isAmount(value.at) && isPlace(value.turns)
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

const isOneOf = (names: readonly unknown[], value: unknown) => names.includes(value)
const isTextOrNull = (value: unknown) => value === null || isText(value)
const isText = (value: unknown) => typeof value === 'string' && value.length <= traceBounds.text
const isPlace = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const isAmount = (value: unknown) => Number.isFinite(value) && (value as number) >= 0

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
