/** A finished program's output, as bytes decoded from UTF-8. */
export interface RunResult {
  stdout: string
  stderr: string
  /** Exit code; null when a signal ended the program. */
  code: number | null
}

export interface ExitStatus {
  code: number | null
  signal: string | null
}

/** Turns of the event loop that ran one after another in the same phase at the same millisecond. */
export interface TracedPhase {
  /** `main` is the main module's first run; the others are the phases of Node's event loop. */
  name: 'main' | 'timers' | 'pending' | 'poll' | 'check' | 'closing'
  /** Milliseconds of `clock.now()`. */
  at: number
  /**
   * How often the loop entered the program. Timers that are due together are one turn, and so are the immediates of one
   * iteration; every event of the other phases is one.
   */
  turns: number
}

/**
 * One call of a middleware, router or route handler. `entered`, `left`, `erred` and `ended` are places in the order of all
 * such events of its request, counted from 0; null is what did not happen. A layer with only `entered` is still open.
 */
export interface TracedLayer {
  /** The function's name, or `<anonymous>`; a mounted router is `router`. */
  name: string
  /** In upper case, of a handler that a route has for one method. */
  method?: string
  /** Where it is mounted, such as `/` or `/api`; for a route's handler with the route's own path: `/api/users/:id`. */
  path: string
  /** Whether the response's headers were sent already when it was entered. */
  headersSent: boolean
  entered: number
  /** It called `next()`, `next('route')` or `next('router')` for the first time. */
  left: number | null
  /** It called `next(error)`, threw, or (Express 5) rejected. */
  erred: number | null
  /**
   * It ended the response. An end outside any layer's synchronous part (after an await, in a timer) is taken to be that of
   * the innermost layer still open. No layer has it when Express itself answered, as with 404.
   */
  ended: number | null
}

/** One request to an HTTP server of the program. */
export interface TracedRequest {
  method: string
  /** Path with query, cut at 256 characters. */
  path: string
  /** Null as long as the response is not finished. */
  status: number | null
  /**
   * Every layer it went through, in order: Express 4 and 5. Layers that Express passes by (other paths, error handlers
   * without an error) are not among them; the first two of an Express 4 app are its own `query` and `expressInit`. At most 64.
   */
  layers: TracedLayer[]
}

/** All callbacks of one kind that were set at one place. */
export interface TracedCallback {
  /** `job`: the end of what a threadpool does, such as reading a file; `handle`: an event of a server or socket. */
  kind: 'timeout' | 'interval' | 'immediate' | 'job' | 'handle'
  /** `file:line:column` where the timer was set, the job begun, the server told to listen; null when not known. */
  origin: string | null
  calls: number
  /** Processor time of all its calls, and of the longest; compare it coarsely. */
  totalMs: number
  longestMs: number
  /** The longest wait for its turn after it was due, in milliseconds of `clock.now()`; null for jobs and handles. */
  longestWaitMs: number | null
}

/** A timer, server or socket of the program's that has neither run out nor been cleared or closed. */
export interface TracedResource {
  kind: 'timeout' | 'interval' | 'immediate' | 'server' | 'socket'
  /** Whether it keeps the program alive. */
  isRefed: boolean
  origin: string | null
  /** Of a timer. */
  delayMs: number | null
  /** Where a server listens; the other end of a socket. */
  address: string | null
}

/** A rejection that nobody handled before its turn was over. */
export interface TracedRejection {
  /** Milliseconds of `clock.now()`. */
  at: number
  /** Name and message of an error; cut at 256 characters. */
  reason: string
  /** Where its error was made. */
  origin: string | null
}

/**
 * What one program did, recorded while it ran. All of it is evidence; the order of phases and layers is exact enough to
 * assert. In the sandbox a program is only traced when the suite's text has the word `trace` in it.
 * Each function rejects with an Error when the program has ended.
 */
export interface Trace {
  /** Requests so far, oldest first; the newest 100 are kept. Layers are recorded inside the program: believe them as far as its words. */
  requests(): Promise<TracedRequest[]>
  /**
   * Processor time, in milliseconds, of the longest single turn since the program began to listen: how long it kept
   * everything else waiting. Real time, different on every run and machine: compare it coarsely (a turn of 5 ms and one of
   * 500 ms), never with an exact value. Natively it is up to 20 ms too long.
   */
  longestTurn(): Promise<number>
  /** Phases so far, oldest first; the newest 1000 are kept. Natively it rejects with an Error naming `sandboxOnly`. */
  phases(): Promise<TracedPhase[]>
  /** Callbacks so far, of the first 200 places. Natively it rejects with an Error naming `sandboxOnly`; so do the next two. */
  callbacks(): Promise<TracedCallback[]>
  /** What is alive now, the first 100; timers that Node sets for itself are not among them. */
  alive(): Promise<TracedResource[]>
  /** Unhandled rejections so far; the newest 100 are kept. */
  rejections(): Promise<TracedRejection[]>
}

/** A program of the candidate that listens. */
export interface App {
  /** Origin without a trailing slash, such as `http://127.0.0.1:41234`. Never assume the port. */
  readonly url: string
  /** Everything printed so far. */
  stdout(): string
  stderr(): string
  /** Resolves when the program has ended, however it ended. Never rejects. */
  readonly exit: Promise<ExitStatus>
  /** What this program did so far. */
  readonly trace: Trace
}

export interface StartOptions {
  /** Environment variables on top of `PORT`, which the kit sets. The program sees no others of ours. */
  env?: Record<string, string>
  /** Path (relative, forward slashes) to text, laid over the submission before it boots. */
  files?: Record<string, string>
  args?: string[]
  /** Boot a program of its own, shared with no other case. */
  fresh?: boolean
}

export interface RunOptions {
  args?: string[]
  env?: Record<string, string>
  /** Text given on standard input, which is then closed. Empty by default. */
  stdin?: string
  files?: Record<string, string>
}

/** What a probe receives inside the program's own process. */
export interface ProbeContext<Args extends unknown[]> {
  /** Imports a submitted file (path relative to the project) and answers its module namespace. */
  load(path: string): Promise<Record<string, unknown>>
  args: Args
}

export interface Candidate {
  /**
   * Boots the entry file and waits until it serves. A program that listens is awaited; one that
   * only exports an app (default export: a request handler or something with `listen`) is served.
   * Calls with equal options share one program within a test file, unless `fresh`.
   * Rejects with an Error that says how the program ended when it ends, or goes idle, unserved.
   */
  start(options?: StartOptions): Promise<App>
  /** Runs one submitted file as a program of its own until it ends. A failing program is a result, not a rejection. */
  run(file: string, options?: RunOptions): Promise<RunResult>
  /**
   * Runs a probe in a fresh process of the submission and answers what it returns, as plain JSON
   * data. The function travels as text: it must use nothing but its parameter and globals, with
   * `load` for modules (`node:` modules too). Rejects with the probe's error message, or when the process ends first.
   * What comes back was produced beside untrusted code: compare it, do not believe it.
   */
  evaluate<Args extends unknown[], Result>(
    probe: (context: ProbeContext<Args>) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>
  /** Text of a submitted file. Rejects when there is no such file. */
  read(path: string): Promise<string>
  /** Sends a signal (`SIGTERM`, ...) to the program started last in this file. Throws when there is none. */
  signal(name: string): void
}

/** The program's clock. In the sandbox it is virtual; natively it is the real one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Lets the given milliseconds pass and everything due in them happen. Natively it really waits and refuses more than 1000. */
  advance(ms: number): Promise<void>
  /** Resolves when the program has nothing left to do at this instant. Natively an approximation of 25 ms. */
  settle(): Promise<void>
}

export interface UpstreamRequest {
  method: string
  /** Path with query. */
  url: string
  headers: Record<string, string>
  body: string
}

export interface UpstreamResponse {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** A host of the virtual network that the suite plays. */
export interface Upstream {
  readonly url: string
  /** Requests received so far, oldest first. */
  requests(): UpstreamRequest[]
  close(): Promise<void>
}

export type NetFailure = 'refused' | 'reset' | 'timeout' | 'dns'

export interface RawConnection {
  write(bytes: string | Uint8Array): void
  /** All text received so far, once the other side has closed or has been silent for a while (natively 250 ms). */
  read(): Promise<string>
  /** Half-closes our side. */
  end(): void
}

export interface NetLogEntry {
  /** Milliseconds of `clock.now()`. */
  at: number
  kind: 'connect' | 'listen' | 'close' | 'fail'
  host: string
  port: number
}

/** The virtual network. Natively only `connect` works; the rest throws an Error naming `sandboxOnly`. */
export interface Net {
  /** Answers requests the program makes to `host:port`, for example `payments.test:443`. */
  serve(
    hostPort: string,
    handler: (request: UpstreamRequest) => UpstreamResponse | Promise<UpstreamResponse>,
  ): Promise<Upstream>
  /** Makes every later connection to the host fail in this way. */
  fail(host: string, kind: NetFailure): void
  /** Adds latency, in milliseconds, to every byte to and from the host. */
  delay(host: string, ms: number): void
  /** Opens a raw connection to a port of the running program. Rejects when nothing listens there. */
  connect(port: number): Promise<RawConnection>
  log(): NetLogEntry[]
}

/** Data seeded per run, so that a canned answer fails. The same seed gives the same data in the same order. */
export interface Random {
  /** Lower-case letters and digits, starting with a letter; 12 characters by default. */
  string(length?: number): string
  /** A valid lower-case address at a reserved domain, different on every call. */
  email(): string
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
}

/** What `import ... from 'assay'` gives to a suite. */
export interface Kit {
  /** Every test defined inside belongs to this requirement of `challenge.yaml` (`R1` ... `R99`). */
  requirement(id: string, define: () => void): void
  /** Tests inside need the virtual clock or network: they run in the sandbox and are excluded natively. */
  sandboxOnly(define: () => void): void
  candidate: Candidate
  clock: Clock
  net: Net
  /** The trace of the program started last in this file. Each function rejects when there is none. */
  trace: Trace
  random: Random
}

declare global {
  /** Installed by the judge before the suite is evaluated; absent under plain Vitest. */
  var __assayKit: Kit | undefined
}
