import type { Door } from './env.ts'

/** One message between a guest and its world. `bytes` travels beside the JSON part. */
export interface PortMessage {
  kind: string
  bytes?: Uint8Array
  [key: string]: unknown
}

export interface Port {
  /** Sends one output to the world. Order is kept. */
  emit(message: PortMessage): void
  /** Registers the one handler of an input kind. */
  on(kind: string, handler: (message: PortMessage) => void): void
  /** Hands one input to its handler; unknown kinds are a protocol fault of our own. */
  deliver(message: PortMessage): void
}

export function createPort(door: Door): Port {
  const handlers = new Map<string, (message: PortMessage) => void>()
  return {
    emit({ bytes, ...rest }) {
      door('emit', JSON.stringify(rest), bytes)
    },
    on(kind, handler) {
      handlers.set(kind, handler)
    },
    deliver(message) {
      const handler = handlers.get(message.kind)
      if (handler === undefined) throw new Error(`no handler for input ${message.kind}`)
      handler(message)
    },
  }
}
