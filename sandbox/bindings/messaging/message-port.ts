import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { callDoor } from '../door-call.ts'
import { cloneError } from './clone-error.ts'
import { createMessagePacker } from './message-bytes.ts'
import { registerMover } from './structured-clone.ts'
import { cloneWithTransfer, type Payload } from './transfer.ts'

/** As many as Node delivers before it lets other events run. */
const messagesPerTurn = 1000

/** One end of a channel. It outlives the port object that holds it: a transfer moves it to another. */
interface Endpoint {
  /** What waits here; for a linked end it waits at the host. */
  queue: Payload[]
  /** Its id among the channels between threads (`guest/threads/message-hub.ts`), once it is one end of such. */
  link: number | undefined
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

/** What the host has for a linked end. */
type Taken = { bytes: Uint8Array; ports: number[] } | 'close' | null

/**
 * Message ports. Within one isolate a message is cloned when it is posted and arrives in the poll phase. A channel that
 * leads to another thread is linked: its messages travel as bytes and wait at the host, and `port-wake` says that there
 * are some. A channel becomes linked when one of its ends moves to another thread.
 */
export function createPortClasses(env: Env): PortClasses {
  let createObject = (deserializeInfo: string): NodeObject => {
    throw new Error(`Unknown deserialize spec ${deserializeInfo}`)
  }
  const states = new WeakMap<object, PortState>()
  const groups = new Map<string, Set<Endpoint>>()
  const links = new Map<number, Endpoint>()
  const packer = createMessagePacker(env, (deserializeInfo) => createObject(deserializeInfo))
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
      if (endpoint.isBroadcast) {
        const isFar = endpoint.link !== undefined && env.door('port.hasOthers', endpoint.link)
        for (const peer of endpoint.peers()) deliver(peer, payload())
        if (isFar === true) post(endpoint.link as number, message, transferList)
      } else if (endpoint.link !== undefined) post(endpoint.link, message, transferList)
      else {
        const made = payload()
        for (const peer of endpoint.peers()) deliver(peer, made)
      }
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
    env.loop.addActive('MessagePort')
    registerMover(
      port,
      () => move(state),
      () => send(state),
    )
    const init = port[symbol('oninit')]
    if (typeof init === 'function') Reflect.apply(init, port, [])
    return port
  }

  function attached({ endpoint }: PortState): Endpoint {
    if (endpoint !== undefined) return endpoint
    throw cloneError(env, 'MessagePort in transfer list is already detached')
  }

  function move(state: PortState): object {
    const endpoint = attached(state)
    detach(state)
    return createPort(endpoint)
  }

  /** Gives the end up to another thread. */
  function send(state: PortState): number {
    const link = linkOf(attached(state))
    detach(state)
    links.delete(link)
    return link
  }

  /** The end's id among the channels between threads; what waits on either side waits at the host from now on. */
  function linkOf(endpoint: Endpoint): number {
    if (endpoint.link !== undefined) return endpoint.link
    const [peer] = endpoint.peers() as [Endpoint]
    const [own, far] = callDoor<[number, number]>(env, 'port.link')
    setLink(endpoint, own)
    setLink(peer, far)
    for (const { value, ports } of endpoint.queue.splice(0)) post(far, value, ports)
    for (const { value, ports } of peer.queue.splice(0)) post(own, value, ports)
    if (peer.isClosed) env.door('port.close', far)
    return own
  }

  function setLink(endpoint: Endpoint, link: number): void {
    endpoint.link = link
    links.set(link, endpoint)
  }

  function post(link: number, message: unknown, transferList: unknown[]): void {
    const { bytes, ports } = packer.pack(message, transferList)
    try {
      callDoor(env, 'port.post', link, bytes, ...ports)
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (code === 'ERR_PORT_UNKNOWN') return
      throw cloneError(env, 'Data cannot be cloned, out of memory.')
    }
  }

  /** A port of this thread for an end that another gave up. */
  function adopt(link: number): NodeObject {
    const endpoint = createEndpoint(() => [], false)
    setLink(endpoint, link)
    return createPort(endpoint)
  }

  /** @throws when the message cannot be read, which is a `messageerror` */
  function takeLinked(link: number, wantsMessage: boolean): Payload | 'close' | undefined {
    const taken = callDoor<Taken>(env, 'port.take', link, wantsMessage)
    if (taken === null) return undefined
    if (taken === 'close') return taken
    return packer.unpack(taken.bytes, taken.ports.map(adopt))
  }

  /** What waits here comes first: only a broadcast has both. */
  function take(endpoint: Endpoint, wantsMessage: boolean): Payload | 'close' | undefined {
    const payload = wantsMessage ? endpoint.queue.shift() : undefined
    if (payload !== undefined || endpoint.link === undefined) return payload
    return takeLinked(endpoint.link, wantsMessage)
  }

  env.port.on('port-wake', ({ ports }) => {
    for (const link of ports as number[]) {
      const state = links.get(link)?.owner
      if (state !== undefined) env.loop.queuePoll(() => drainQueue(state, false, 1), state.frame)
    }
  })

  /** Takes the endpoint from a port, which is dead from then on. */
  function detach(state: PortState): void {
    setRef(state, false)
    if (state.endpoint !== undefined) state.endpoint.owner = undefined
    state.endpoint = undefined
  }

  function setRef(state: PortState, isRefed: boolean): void {
    if (state.endpoint === undefined || state.isRefed === isRefed) return
    state.isRefed = isRefed
    if (isRefed) env.loop.addActive('MessagePort')
    else env.loop.removeActive('MessagePort')
  }

  function deliver(endpoint: Endpoint, payload: Payload): void {
    if (endpoint.isClosed) return
    endpoint.queue.push(payload)
    if (endpoint.owner !== undefined) schedule(endpoint.owner)
  }

  function schedule(state: PortState): void {
    const { endpoint } = state
    if (endpoint === undefined || state.isScheduled) return
    // Whether a linked end has something only the host knows.
    if (!state.isStarted || (endpoint.link === undefined && endpoint.queue.length === 0)) return
    state.isScheduled = true
    env.loop.queuePoll(() => {
      state.isScheduled = false
      if (drainQueue(state, false)) schedule(state)
    }, state.frame)
  }

  /**
   * Delivers what waits, and what arrives meanwhile up to a limit, each message as a callback of its own. News that the
   * other end has closed are taken also where messages are not. True if there may be more.
   */
  function drainQueue(state: PortState, isForced: boolean, most = messagesPerTurn): boolean {
    // A forced look happens inside another callback, and brings no turn of its own.
    const run = isForced
      ? (callback: () => void) => callback()
      : (callback: () => void) => env.makeCallback(callback, state.frame)
    let left = Math.max(state.endpoint?.queue.length ?? 0, most)
    for (; left > 0 && state.endpoint !== undefined && !state.isClosing; left--) {
      const wantsMessage = state.isStarted || isForced
      const { endpoint } = state
      let payload: Payload | 'close' | undefined
      let failure: { error: unknown } | undefined
      try {
        payload = take(endpoint, wantsMessage)
      } catch (error) {
        failure = { error }
      }
      if (failure !== undefined) {
        const { error } = failure
        run(() => emit(state.port, { value: error, ports: [] }, 'messageerror'))
      } else if (payload === undefined) return false
      else if (payload === 'close') closePort(state)
      else {
        const message = payload
        run(() => emit(state.port, message, 'message'))
      }
    }
    return left === 0
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
      if (endpoint.link !== undefined) {
        links.delete(endpoint.link)
        env.door('port.close', endpoint.link)
      }
      const onClose = state.port[symbol('handle_onclose')]
      if (typeof onClose === 'function') Reflect.apply(onClose, state.port, [])
      if (endpoint.link !== undefined) return
      for (const peer of peers) if (peer.owner !== undefined) closePort(peer.owner)
    })
  }

  function createEndpoint(peers: () => Endpoint[], isBroadcast: boolean): Endpoint {
    return { queue: [], link: undefined, peers, owner: undefined, isBroadcast, isClosed: false }
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
    // Where there can be no other threads there is nothing to join.
    const link = env.door('port.join', name)
    if (typeof link === 'number') setLink(endpoint, link)
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
      drainMessagePort(port: unknown) {
        const state = typeof port === 'object' && port !== null ? states.get(port) : undefined
        while (state !== undefined && drainQueue(state, true));
      },
      receiveMessageOnPort(port: unknown) {
        const state = portOf(port)
        const { endpoint } = state
        const payload = endpoint && take(endpoint, true)
        if (payload === 'close') closePort(state)
        if (payload === undefined || payload === 'close') return symbol('no_message_symbol')
        return payload.value
      },
      /** A port for this thread's end of a channel that the host made. */
      adoptPort: adopt,
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
