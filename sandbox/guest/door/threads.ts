import type { ThreadHost, WorkerRequest } from '../threads/thread-host.ts'
import type { DoorHost, DoorOps } from './door.ts'

const maxNameLength = 1000
const maxPortsPerMessage = 10_000
const resourceCount = 4

/** Threads of one program: channels between them, workers, and calls into the thread that holds a shared thing. */
export function threadOps(host: DoorHost): DoorOps {
  const threads = (): ThreadHost => {
    if (host.threads === undefined) throw new TypeError('this guest has no threads')
    return host.threads
  }
  return {
    'port.link': () => threads().linkPorts(),
    'port.join': (name: string) => threads().joinBroadcast(textOf(name)),
    'port.hasOthers': (port: number) => threads().hasOthers(numberOf(port)),
    'port.post'(port: number, bytes: unknown, ...ports: number[]) {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('expected bytes')
      if (ports.length > maxPortsPerMessage) throw new RangeError('too many ports')
      threads().post(numberOf(port), bytes, ports.map(numberOf))
    },
    'port.take'(port: number, wantsMessage: boolean) {
      return threads().take(numberOf(port), wantsMessage === true)
    },
    'port.close': (port: number) => threads().closePort(numberOf(port)),
    'worker.create': (requestJson: string) =>
      threads().createWorker(requestOf(JSON.parse(requestJson))),
    'worker.start': (thread: number) => threads().startWorker(numberOf(thread)),
    'worker.stop': (thread: number) => threads().stopWorker(numberOf(thread)),
    'worker.usage': (thread: number) => threads().usageOf(numberOf(thread)),
    'thread.call'(thread: number, bytes: unknown) {
      if (!(bytes instanceof Uint8Array)) throw new TypeError('expected bytes')
      return threads().call(numberOf(thread), bytes)
    },
    'thread.isPortTaken': (address: string, port: number) =>
      host.threads?.isPortTaken(textOf(address), numberOf(port)) === true,
    'thread.isPortServed': (address: string, port: number) =>
      host.threads?.isPortServed(textOf(address), numberOf(port)) === true,
  }
}

function requestOf(value: unknown): WorkerRequest {
  const { name, execArgv, cliOptions, env, resourceLimits } = value as Record<string, unknown>
  if (!Array.isArray(execArgv) || !Array.isArray(resourceLimits)) throw new TypeError('not a list')
  return {
    name: textOf(name),
    execArgv: execArgv.map(String),
    cliOptions: recordOf(cliOptions),
    env: env === null ? null : (recordOf(env) as Record<string, string>),
    resourceLimits: Array.from({ length: resourceCount }, (_, i) => numberOf(resourceLimits[i])),
  }
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw new TypeError('expected a number')
  return value
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > maxNameLength)
    throw new TypeError('expected text')
  return value
}

function recordOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('expected an object')
  }
  return value as Record<string, unknown>
}
