import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { wrapsOf } from '../net/wrap.ts'
import { readHeaderList } from './header-list.ts'
import { failure, frameType } from './protocol/codes.ts'
import { setLocalWindow } from './protocol/flow-control.ts'
import { noBytes } from './protocol/frames.ts'
import { bytesOf } from './protocol/violations.ts'
import { SessionCore } from './session-core.ts'
import { sharedStateOf } from './shared-state.ts'
import { streamOption } from './stream-core.ts'
import { createStreamHandle } from './stream-handle.ts'

const serverType = 0
const maxExtensionPayload = 16384

/** The `Http2Session` class of the binding. */
export function defineSessionHandle(env: Env): new (type: unknown) => object {
  const { AsyncWrap } = wrapsOf(env)
  const shared = sharedStateOf(env)

  return class Http2Session extends AsyncWrap {
    #core: SessionCore

    constructor(type: unknown) {
      super('HTTP2SESSION')
      this.#core = new SessionCore(env, this, Number(type) === serverType)
      const { fields } = this.#core
      Object.defineProperty(this, 'fields', {
        value: fields,
        writable: true,
        enumerable: true,
        configurable: true,
      })
    }

    consume(handle: object): void {
      this.#core.consume(handle)
    }

    receive(bytes: Uint8Array): void {
      this.#forScript(() => this.#core.receive(new Uint8Array(bytes)))
    }

    destroy(code: unknown, isSocketDestroyed: unknown): void {
      this.#forScript(() => this.#core.close(Number(code) >>> 0, isSocketDestroyed === true))
    }

    goaway(code: unknown, lastStreamId: unknown, data: unknown): void {
      const core = this.#core
      if (core.isDestroyed) return
      core.hasInitiatedGoaway = true
      const last = Number(lastStreamId) | 0
      const payload = ArrayBuffer.isView(data)
        ? new Uint8Array(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
        : noBytes
      this.#inScope(() =>
        core.connection.submitGoaway(
          last > 0 ? last : core.connection.lastProcessedId,
          Number(code) >>> 0,
          payload,
        ),
      )
    }

    hasPendingData(): boolean {
      const { wantsRead, wantsWrite } = this.#core.connection
      return wantsRead || wantsWrite
    }

    setGracefulClose(): void {
      this.#core.isGracefullyClosing = true
    }

    settings(callback: NodeFunction): boolean {
      return this.#forScript(() => this.#core.acknowledgements.settings(callback))
    }

    ping(payload: unknown, callback: NodeFunction): boolean {
      const bytes = ArrayBuffer.isView(payload)
        ? new Uint8Array(new Uint8Array(payload.buffer, payload.byteOffset, 8))
        : undefined
      return this.#forScript(() => this.#core.acknowledgements.ping(bytes, callback))
    }

    request(list: unknown, options: unknown): unknown {
      const core = this.#core
      const chosen = Number(options) | 0
      return this.#inScope(() => {
        if (core.connection.isServer) return failure.protocol
        const isEmpty = (chosen & streamOption.emptyPayload) !== 0
        const id = core.connection.submitHeaders(-1, readHeaderList(list), {
          endsStream: isEmpty,
          hasBody: !isEmpty,
        })
        return id <= 0 ? id : createStreamHandle(core, id, 3, chosen)
      })
    }

    setNextStreamID(id: unknown): boolean {
      return this.#core.connection.setNextStreamId(Number(id) | 0)
    }

    setLocalWindowSize(size: unknown): number {
      return setLocalWindow(this.#core.connection, Number(size) | 0)
    }

    updateChunksSent(): number {
      const { chunksSent } = this.#core
      ;(this as unknown as NodeObject).chunksSentSinceLastWrite = chunksSent
      return chunksSent
    }

    altsvc(streamId: unknown, origin: unknown, value: unknown): void {
      const originBytes = bytesOf(String(origin))
      const valueBytes = bytesOf(String(value))
      const length = 2 + originBytes.length + valueBytes.length
      if (length > maxExtensionPayload) return
      const payload = new Uint8Array(length)
      payload[0] = originBytes.length >> 8
      payload[1] = originBytes.length & 255
      payload.set(originBytes, 2)
      payload.set(valueBytes, 2 + originBytes.length)
      this.#inScope(() =>
        this.#core.connection.submitExtension(frameType.altsvc, Number(streamId) | 0, payload),
      )
    }

    /** @param origins each one ended by NUL */
    origin(origins: unknown, count: unknown): void {
      const entries = String(origins)
        .split('\0')
        .slice(0, Number(count) | 0)
      let length = 0
      for (const entry of entries) length += 2 + entry.length
      if (length > maxExtensionPayload) return
      const payload = new Uint8Array(length)
      let at = 0
      for (const entry of entries) {
        payload[at] = entry.length >> 8
        payload[at + 1] = entry.length & 255
        payload.set(bytesOf(entry), at + 2)
        at += 2 + entry.length
      }
      this.#inScope(() => this.#core.connection.submitExtension(frameType.origin, 0, payload))
    }

    localSettings(): void {
      shared.writeSettings(this.#core.connection.local, this.#core.customLocal)
    }

    remoteSettings(): void {
      const seen = new Map<number, number>()
      for (const [id, value] of this.#core.customRemote) {
        if (value !== undefined) seen.set(id, value)
      }
      shared.writeSettings(this.#core.connection.remote, seen)
    }

    refreshState(): void {
      const { connection } = this.#core
      shared.sessionState.set([
        connection.localWindow,
        Math.max(0, connection.received),
        connection.nextStreamId,
        connection.localWindow - connection.received,
        connection.lastProcessedId,
        connection.remoteWindow,
        connection.queuedFrames,
        connection.encoder.tableSize,
        connection.decoder.tableSize,
      ])
    }

    #forScript<T>(run: () => T): T {
      return this.#core.calls.runForScript(run)
    }

    #inScope<T>(run: () => T): T {
      return this.#forScript(() => this.#core.inScope(run))
    }
  }
}
