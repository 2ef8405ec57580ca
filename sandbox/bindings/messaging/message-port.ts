import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { cloneError } from './clone-error.ts'
import { registerMover } from './structured-clone.ts'
import { cloneWithTransfer, type Payload } from './transfer.ts'

/** As many as Node delivers before it lets other events run. */
const messagesPerTurn = 1000

/** One end of a channel. It outlives the port object that holds it: a transfer moves it to another. */
interface Endpoint {
  queue: Payload[]
  /** Everyone a message from here goes to: the other end, or the rest of a broadcast group. */
  peers(): Endpoint[]
  owner: PortState | undefined
  isBroadcast: boolean
  isClosed: boolean
}

interface PortState {
  endpoint: Endpoint | undefined
  isStarted: boolean
  isRefed: boolean
  isScheduled: boolean
  isClosing: boolean
  port: NodeObject
  /** The AsyncContextFrame that its events run in. */
  frame: unknown
}

export interface PortClasses {
  MessagePort: NodeFunction
  MessageChannel: NodeFunction
  binding: NodeObject
  setCreateObject(create: (deserializeInfo: string) => NodeObject): void
  structuredClone(value: unknown, options: { transfer?: unknown[] } | undefined): unknown
}

/** Message ports within one isolate: a message is cloned when it is posted and arrives in the poll phase. */
export function createPortClasses(env: Env): PortClasses {
  let createObject = (deserializeInfo: string): NodeObject => {
    throw new Error(`Unknown deserialize spec ${deserializeInfo}`)
  }
  const states = new WeakMap<object, PortState>()
  const groups = new Map<string, Set<Endpoint>>()
  const symbol = (name: string) => env.perIsolateSymbols[name] as symbol
  const stateOf = (port: unknown) => {
    const state = typeof port === 'object' && port !== null ? states.get(port) : undefined
    if (state === undefined) throw new TypeError('Illegal invocation')
    return state
  }

  class HandleWrap {
    close(): void {
      closePort(stateOf(this))
    }
    hasRef(): boolean | undefined {
      const state = stateOf(this)
      return state.endpoint === undefined ? undefined : state.isRefed
    }
    ref(): void {
      setRef(stateOf(this), true)
    }
    unref(): void {
      setRef(stateOf(this), false)
    }
  }

  class MessagePort extends HandleWrap {
    constructor() {
      super()
      throw Object.assign(new TypeError('Illegal constructor'), {
        code: 'ERR_CONSTRUCT_CALL_INVALID',
      })
    }
    postMessage(...args: [message?: unknown, options?: unknown]): boolean | undefined {
      const [message, options] = args
      if (args.length === 0) {
        throw Object.assign(new TypeError('Not enough arguments to MessagePort.postMessage'), {
          code: 'ERR_MISSING_ARGS',
        })
      }
      const { endpoint } = stateOf(this)
      const transferList = transferListOf(options)
      if (transferList.includes(this)) {
        throw cloneError(env, 'Transfer list contains source port')
      }
      const payload = () => cloneWithTransfer(env, createObject, message, transferList)
      if (endpoint === undefined) {
        payload()
        return undefined
      }
      if (!endpoint.isBroadcast) {
        const made = payload()
        for (const peer of endpoint.peers()) deliver(peer, made)
      } else for (const peer of endpoint.peers()) deliver(peer, payload())
      return true
    }
    start(): void {
      const state = stateOf(this)
      state.isStarted = true
      schedule(state)
    }
  }

  function createPort(endpoint: Endpoint): NodeObject {
    const port = Object.create(MessagePort.prototype) as NodeObject
    const state: PortState = {
      endpoint,
      isStarted: false,
      isRefed: true,
      isScheduled: false,
      isClosing: false,
      port,
      frame: env.contextFrame.get(),
    }
    endpoint.owner = state
    states.set(port, state)
    env.loop.addActive()
    registerMover(port, () => move(state))
    const init = port[symbol('oninit')]
    if (typeof init === 'function') Reflect.apply(init, port, [])
    return port
  }

  function move(state: PortState): object {
    const { endpoint } = state
    if (endpoint === undefined) {
      throw cloneError(env, 'MessagePort in transfer list is already detached')
    }
    detach(state)
    return createPort(endpoint)
  }

  /** Takes the endpoint from a port, which is dead from then on. */
  function detach(state: PortState): void {
    setRef(state, false)
    if (state.endpoint !== undefined) state.endpoint.owner = undefined
    state.endpoint = undefined
  }

  function setRef(state: PortState, isRefed: boolean): void {
    if (state.endpoint === undefined || state.isRefed === isRefed) return
    state.isRefed = isRefed
    if (isRefed) env.loop.addActive()
    else env.loop.removeActive()
  }

  function deliver(endpoint: Endpoint, payload: Payload): void {
    if (endpoint.isClosed) return
    endpoint.queue.push(payload)
    if (endpoint.owner !== undefined) schedule(endpoint.owner)
  }

  function schedule(state: PortState): void {
    const isDue = state.isStarted && !state.isScheduled && (state.endpoint?.queue.length ?? 0) > 0
    if (!isDue) return
    state.isScheduled = true
    env.loop.queuePoll(() => {
      state.isScheduled = false
      drainQueue(state)
      schedule(state)
    }, state.frame)
  }

  /** Delivers what waits, and what arrives meanwhile up to a limit, each message as a callback of its own. */
  function drainQueue(state: PortState): void {
    let left = Math.max(state.endpoint?.queue.length ?? 0, messagesPerTurn)
    while (left-- > 0 && state.isStarted) {
      const payload = state.endpoint?.queue.shift()
      if (payload === undefined) return
      env.makeCallback(() => emit(state.port, payload, 'message'), state.frame)
    }
  }

  function emit(port: object, payload: Payload, type: string): void {
    const emitMessage = env.perContext.emitMessage as NodeFunction
    Reflect.apply(emitMessage, port, [payload.value, payload.ports, type])
  }

  function closePort(state: PortState): void {
    const { endpoint } = state
    if (endpoint === undefined || state.isClosing) return
    state.isClosing = true
    const peers = endpoint.isBroadcast ? [] : endpoint.peers()
    endpoint.isClosed = true
    env.loop.queueClosing(() => {
      detach(state)
      const onClose = state.port[symbol('handle_onclose')]
      if (typeof onClose === 'function') Reflect.apply(onClose, state.port, [])
      for (const peer of peers) if (peer.owner !== undefined) closePort(peer.owner)
    })
  }

  function createEndpoint(peers: () => Endpoint[], isBroadcast: boolean): Endpoint {
    return { queue: [], peers, owner: undefined, isBroadcast, isClosed: false }
  }

  class MessageChannel {
    port1: NodeObject
    port2: NodeObject
    constructor() {
      const first: Endpoint = createEndpoint(() => [second], false)
      const second: Endpoint = createEndpoint(() => [first], false)
      this.port1 = createPort(first)
      this.port2 = createPort(second)
    }
  }

  function broadcastChannel(name: string): NodeObject {
    const group = groups.get(name) ?? new Set<Endpoint>()
    groups.set(name, group)
    const endpoint: Endpoint = createEndpoint(
      () => [...group].filter((member) => member !== endpoint && !member.isClosed),
      true,
    )
    group.add(endpoint)
    return createPort(endpoint)
  }

  function portOf(port: unknown): PortState {
    const state = typeof port === 'object' && port !== null ? states.get(port) : undefined
    if (state !== undefined) return state
    throw Object.assign(new TypeError('The "port" argument must be a MessagePort instance'), {
      code: 'ERR_INVALID_ARG_TYPE',
    })
  }

  return {
    MessagePort: MessagePort as unknown as NodeFunction,
    MessageChannel: MessageChannel as unknown as NodeFunction,
    binding: {
      broadcastChannel,
      stopMessagePort(port: unknown) {
        stateOf(port).isStarted = false
      },
      drainMessagePort() {},
      receiveMessageOnPort(port: unknown) {
        const payload = portOf(port).endpoint?.queue.shift()
        return payload === undefined ? symbol('no_message_symbol') : payload.value
      },
    },
    setCreateObject(create) {
      createObject = create
    },
    structuredClone: (value, options) =>
      cloneWithTransfer(env, createObject, value, [...(options?.transfer ?? [])]).value,
  }
}

/** The second argument of `postMessage`: an array of transferables, or `{ transfer }`. */
function transferListOf(options: unknown): unknown[] {
  if (options === undefined || options === null) return []
  const isIterable = (value: unknown): value is Iterable<unknown> =>
    typeof value === 'object' && value !== null && Symbol.iterator in value
  if (isIterable(options)) return [...options]
  if (typeof options !== 'object') {
    throw Object.assign(new TypeError('Optional transferList argument must be an iterable'), {
      code: 'ERR_INVALID_ARG_TYPE',
    })
  }
  const { transfer } = options as { transfer?: unknown }
  if (transfer === undefined) return []
  if (isIterable(transfer)) return [...transfer]
  throw Object.assign(new TypeError('Optional options.transfer argument must be an iterable'), {
    code: 'ERR_INVALID_ARG_TYPE',
  })
}
