import type { BindingFactory } from "../isolate/env.ts";
import { asyncContextFrame } from "./async-context-frame.ts";
import { asyncWrap } from "./async-wrap.ts";
import { buffer } from "./buffer.ts";
import { builtins } from "./builtins.ts";
import { config } from "./config.ts";
import { crypto } from "./crypto.ts";
import { encodingBinding } from "./encoding-binding.ts";
import { errors } from "./errors.ts";
import { messaging } from "./messaging.ts";
import { options } from "./options.ts";
import { performance } from "./performance.ts";
import { processMethods } from "./process-methods.ts";
import {
	credentials,
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
	worker,
} from "./small.ts";
import { stringDecoder } from "./string-decoder.ts";
import { symbols } from "./symbols.ts";
import { taskQueue } from "./task-queue.ts";
import { timers } from "./timers.ts";
import { types } from "./types.ts";
import { url } from "./url.ts";
import { util } from "./util.ts";

/** Every `internalBinding` we implement. Names are Node's; one that is absent here fails loudly by key. */
export const bindings: Record<string, BindingFactory> = {
	async_context_frame: asyncContextFrame,
	async_wrap: asyncWrap,
	buffer,
	builtins,
	config,
	credentials,
	crypto,
	diagnostics_channel: diagnosticsChannel,
	encoding_binding: encodingBinding,
	errors,
	heap_utils: heapUtils,
	inspector,
	messaging,
	mksnapshot,
	options,
	performance,
	permission,
	process_methods: processMethods,
	report,
	sea,
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
	worker,
};
