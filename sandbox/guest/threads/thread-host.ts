/** What a thread asks for when it makes a worker. Checked by the door, not trusted. */
export interface WorkerRequest {
  name: string
  execArgv: string[]
  cliOptions: Record<string, unknown>
  /** The worker's environment; null to share that of the thread that asks. */
  env: Record<string, string> | null
  /** Young generation, old generation, code range, stack, in megabytes; -1 where nothing is asked. */
  resourceLimits: number[]
}

export interface HeapUse {
  heap: Record<string, number>
  cpuMicros: number
}

/** What one thread may ask of the group it belongs to. Every method checks that what it names is the thread's own. */
export interface ThreadHost {
  linkPorts(): [number, number]
  joinBroadcast(name: string): number
  hasOthers(port: number): boolean
  post(port: number, bytes: Uint8Array, ports: number[]): void
  take(port: number, wantsMessage: boolean): { bytes: Uint8Array; ports: number[] } | 'close' | null
  closePort(port: number): void
  /** @returns the worker's id and this side's end of its channel */
  createWorker(request: WorkerRequest): { thread: number; port: number }
  startWorker(thread: number): void
  stopWorker(thread: number): void
  usageOf(thread: number): HeapUse | null
  /** Calls a service of another thread (`Env.threads`) at once; it is not running. */
  call(thread: number, bytes: Uint8Array): Uint8Array | null
  isPortTaken(address: string, port: number): boolean
  isPortServed(address: string, port: number): boolean
}
