import type { Env } from '../../isolate/env.ts'
import { streamClassesOf } from '../net/libuv-stream.ts'
import {
  addStreamMethods,
  type StreamDriver,
  StreamState,
  setStreamState,
} from '../net/stream-base.ts'
import { type AsyncWrap, wrapsOf } from '../net/wrap.ts'
import { readHeaderList } from './header-list.ts'
import type { SessionCore } from './session-core.ts'
import { sharedStateOf } from './shared-state.ts'
import { StreamCore, streamOption } from './stream-core.ts'

/** `nghttp2_stream_proto_state`, as `stream.state.state` shows it. */
const protocolState = {
  idle: 1,
  open: 2,
  reservedLocal: 3,
  reservedRemote: 4,
  halfClosedLocal: 5,
  halfClosedRemote: 6,
}
const defaultWeight = 16

const cores = new WeakMap<object, StreamCore>()

/** The native half of a stream handle; undefined for anything else. */
export function streamCoreOf(handle: object): StreamCore | undefined {
  return cores.get(handle)
}

function coreOf(handle: object): StreamCore {
  const core = cores.get(handle)
  if (core === undefined) throw new TypeError('Illegal invocation')
  return core
}

export type StreamHandleClass = new () => AsyncWrap

const classes = new WeakMap<Env, StreamHandleClass>()

/** The `Http2Stream` class of the binding. Only a session makes instances that work. */
export function streamHandleClassOf(env: Env): StreamHandleClass {
  let Class = classes.get(env)
  if (Class === undefined) {
    Class = defineClass(env)
    classes.set(env, Class)
  }
  return Class
}

/** Makes the handle of a new stream of the session. */
export function createStreamHandle(
  session: SessionCore,
  id: number,
  category: number,
  options: number,
): AsyncWrap {
  const handle = new (streamHandleClassOf(session.env))()
  const core = new StreamCore(session, handle, id, category, options)
  cores.set(handle, core)
  const driver: StreamDriver = {
    readStart: () => session.calls.runForScript(() => core.readStart()),
    readStop: () => core.readStop(),
    write: (request, bytes) => session.calls.runForScript(() => core.write(request, bytes)),
    shutdown: () => session.calls.runForScript(() => core.shutdown()),
  }
  setStreamState(handle, new StreamState(session.env, handle, driver))
  return handle
}

function defineClass(env: Env): StreamHandleClass {
  const { AsyncWrap } = wrapsOf(env)
  const { WriteWrap } = streamClassesOf(env)
  const { streamState } = sharedStateOf(env)

  class Http2Stream extends AsyncWrap {
    constructor() {
      super('HTTP2STREAM')
    }

    id(): number {
      return coreOf(this).id
    }

    destroy(): void {
      const core = coreOf(this)
      core.session.calls.runForScript(() => core.destroy())
    }

    priority(): void {}

    pushPromise(list: unknown, options: unknown): unknown {
      const { session, id, isDestroyed } = coreOf(this)
      if (isDestroyed) return undefined
      return session.calls.runForScript(() =>
        session.inScope(() => {
          const promised = session.connection.submitPushPromise(id, readHeaderList(list))
          if (promised <= 0) return promised
          return createStreamHandle(session, promised, 3, Number(options) | 0)
        }),
      )
    }

    info(list: unknown): number {
      return this.#submitHeaders(list, false)
    }

    trailers(list: unknown): number {
      const { session, id } = coreOf(this)
      if ((list as [string, number])[1] > 0) return this.#submitHeaders(list, true)
      return session.calls.runForScript(() =>
        session.inScope(() => session.connection.submitData(id)),
      )
    }

    respond(list: unknown, options: unknown): number {
      const core = coreOf(this)
      const { session } = core
      const chosen = Number(options) | 0
      return session.calls.runForScript(() =>
        session.inScope(() => {
          if ((chosen & streamOption.getTrailers) !== 0) core.hasTrailers = true
          const isEmpty = (chosen & streamOption.emptyPayload) !== 0 || !core.isWritable
          return session.connection.submitHeaders(core.id, readHeaderList(list), {
            endsStream: isEmpty,
            hasBody: !isEmpty,
          })
        }),
      )
    }

    rstStream(code: unknown): void {
      const core = coreOf(this)
      core.session.calls.runForScript(() => core.reset(Number(code) >>> 0))
    }

    refreshState(): void {
      const { session, id } = coreOf(this)
      const record = session.connection.streams.get(id)
      streamState.fill(0)
      if (record === undefined) {
        streamState[0] = protocolState.idle
        return
      }
      streamState[0] = stateNumber(record)
      streamState[1] = defaultWeight
      streamState[3] = Number(record.isWriteShut)
      streamState[4] = Number(record.isReadShut)
      streamState[5] = Math.max(0, record.localWindow - record.received)
    }

    #submitHeaders(list: unknown, endsStream: boolean): number {
      const { session, id } = coreOf(this)
      return session.calls.runForScript(() =>
        session.inScope(() =>
          session.connection.submitHeaders(id, readHeaderList(list), {
            endsStream,
            hasBody: false,
          }),
        ),
      )
    }
  }

  addStreamMethods(env, Http2Stream.prototype, () => new WriteWrap())
  return Http2Stream
}

function stateNumber(record: {
  isPush: boolean
  isReadShut: boolean
  isWriteShut: boolean
}): number {
  if (record.isPush && record.isReadShut) return protocolState.reservedLocal
  if (record.isPush && record.isWriteShut) return protocolState.reservedRemote
  if (record.isReadShut) return protocolState.halfClosedRemote
  return record.isWriteShut ? protocolState.halfClosedLocal : protocolState.open
}
