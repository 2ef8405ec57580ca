import type { BindingFactory } from '../isolate/env.ts'
import { asyncContextFrame } from './async-context-frame.ts'
import { asyncWrap } from './async-wrap.ts'
import { blob } from './blob.ts'
import { buffer } from './buffer.ts'
import { builtins } from './builtins.ts'
import { cjsLexer } from './cjs-lexer.ts'
import { config } from './config.ts'
import { contextify } from './contextify.ts'
import { credentials } from './credentials.ts'
import { crypto } from './crypto.ts'
import { encodingBinding } from './encoding-binding.ts'
import { errors } from './errors.ts'
import { fs, fsEventWrap } from './fs.ts'
import { fsDir } from './fs-dir.ts'
import { assayWasm, httpParser } from './http/http-parser.ts'
import { streamPipe } from './http2/stream-pipe.ts'
import { http2 } from './http2.ts'
import { icu } from './icu.ts'
import { locks } from './locks.ts'
import { messaging } from './messaging.ts'
import { moduleWrap } from './module-wrap.ts'
import { modules } from './modules.ts'
import { netBindings } from './net/net-bindings.ts'
import { options } from './options.ts'
import { os } from './os.ts'
import { performance } from './performance.ts'
import { processMethods } from './process-methods.ts'
import { serdes } from './serdes.ts'
import { signalWrap } from './signals.ts'
import {
  diagnosticsChannel,
  heapUtils,
  inspector,
  mksnapshot,
  permission,
  report,
  sea,
  traceEvents,
  uv,
  wasmWebApi,
} from './small.ts'
import { sqlite } from './sqlite.ts'
import { stringDecoder } from './string-decoder.ts'
import { symbols } from './symbols.ts'
import { taskQueue } from './task-queue.ts'
import { timers } from './timers.ts'
import { types } from './types.ts'
import { url } from './url.ts'
import { urlPattern } from './url-pattern.ts'
import { util } from './util.ts'
import { internalOnlyV8, v8 } from './v8.ts'
import { webstorage } from './webstorage.ts'
import { worker } from './worker.ts'
import { zlib } from './zlib.ts'

/** Every `internalBinding` we implement. Names are Node's; one that is absent here fails loudly by key. */
export const bindings: Record<string, BindingFactory> = {
  ...netBindings,
  assay_wasm: assayWasm,
  http2,
  stream_pipe: streamPipe,
  http_parser: httpParser,
  async_context_frame: asyncContextFrame,
  async_wrap: asyncWrap,
  buffer,
  builtins,
  cjs_lexer: cjsLexer,
  config,
  credentials,
  contextify,
  crypto,
  diagnostics_channel: diagnosticsChannel,
  encoding_binding: encodingBinding,
  errors,
  fs,
  fs_dir: fsDir,
  fs_event_wrap: fsEventWrap,
  heap_utils: heapUtils,
  inspector,
  icu,
  os,
  zlib,
  blob,
  internal_only_v8: internalOnlyV8,
  serdes,
  v8,
  url_pattern: urlPattern,
  signal_wrap: signalWrap,
  locks,
  messaging,
  mksnapshot,
  module_wrap: moduleWrap,
  modules,
  options,
  performance,
  permission,
  process_methods: processMethods,
  report,
  sea,
  sqlite,
  string_decoder: stringDecoder,
  symbols,
  task_queue: taskQueue,
  timers,
  trace_events: traceEvents,
  types,
  url,
  util,
  uv,
  wasm_web_api: wasmWebApi,
  webstorage,
  worker,
}
