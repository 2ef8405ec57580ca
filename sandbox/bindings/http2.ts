import type { BindingFactory, NodeFunction } from '../isolate/env.ts'
import { toBuffer } from './door-call.ts'
import { category, failureText } from './http2/protocol/codes.ts'
import { packSettings } from './http2/protocol/frames.ts'
import { areValid } from './http2/protocol/settings.ts'
import { defineSessionHandle } from './http2/session-handle.ts'
import { callbackNames, sharedStateOf } from './http2/shared-state.ts'
import { streamOption } from './http2/stream-core.ts'
import { streamHandleClassOf } from './http2/stream-handle.ts'

/** Constants that Node hides from enumeration, so that the binary's facts do not show them. */
const hiddenConstants = {
  NGHTTP2_HCAT_REQUEST: category.request,
  NGHTTP2_HCAT_RESPONSE: category.response,
  NGHTTP2_HCAT_PUSH_RESPONSE: category.pushResponse,
  NGHTTP2_HCAT_HEADERS: category.headers,
  NGHTTP2_NV_FLAG_NONE: 0,
  NGHTTP2_NV_FLAG_NO_INDEX: 1,
  NGHTTP2_ERR_DEFERRED: -508,
  NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE: -509,
  NGHTTP2_ERR_INVALID_ARGUMENT: -501,
  NGHTTP2_ERR_STREAM_CLOSED: -510,
  NGHTTP2_ERR_NOMEM: -901,
  STREAM_OPTION_EMPTY_PAYLOAD: streamOption.emptyPayload,
  STREAM_OPTION_GET_TRAILERS: streamOption.getTrailers,
}

/** HTTP/2: the protocol of our own under Node's own library; `docs/adr/0010-http2.md` says why. */
export const http2: BindingFactory = (env) => {
  const shared = sharedStateOf(env)
  const constants = { ...(env.facts.bindingConstants.http2?.constants as object) }
  for (const [name, value] of Object.entries(hiddenConstants)) {
    Object.defineProperty(constants, name, { value, enumerable: false, writable: false })
  }
  return {
    constants,
    sessionState: shared.sessionState,
    streamState: shared.streamState,
    settingsBuffer: shared.settingsBuffer,
    optionsBuffer: shared.optionsBuffer,
    streamStats: shared.streamStats,
    sessionStats: shared.sessionStats,
    Http2Session: defineSessionHandle(env),
    Http2Stream: streamHandleClassOf(env),
    nghttp2ErrorString: (code: unknown) => failureText(Number(code) | 0),
    refreshDefaultSettings: () => shared.writeDefaults(),
    packSettings() {
      const settings = shared.readSettings()
      return areValid(settings) ? toBuffer(env, packSettings(settings)) : undefined
    },
    setCallbackFunctions(...callbacks: NodeFunction[]) {
      for (const [i, name] of callbackNames.entries()) {
        shared.callbacks[name] = callbacks[i] as NodeFunction
      }
    },
  }
}
