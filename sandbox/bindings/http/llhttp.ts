import type { Env } from '../../isolate/env.ts'
import { bridgeModule } from '../bridge-module.ts'
import { callDoor } from '../door-call.ts'
import { decodeLatin1 } from '../utf8.ts'

/** What llhttp calls while it parses; a non-zero answer stops it. `at` is an address in its memory. */
export interface LlhttpEvents {
  onMessageBegin(): number
  onUrl(text: string): number
  onStatus(text: string): number
  onHeaderField(text: string): number
  onHeaderValue(text: string): number
  onChunkExtension(length: number): number
  onHeadersComplete(): number
  onBody(bytes: Uint8Array): number
  onMessageComplete(): number
  onChunkHeader(): number
  onChunkComplete(): number
}

/** Error numbers of llhttp that the parser treats specially. */
export const llhttpErrors = { ok: 0, user: 24, pausedUpgrade: 22 } as const

/** The functions of the WebAssembly llhttp that ships inside Node for its fetch. */
interface Exports {
  memory: WebAssembly.Memory
  __indirect_function_table: WebAssembly.Table
  _initialize(): void
  malloc(size: number): number
  free(address: number): void
  llhttp_alloc(type: number): number
  llhttp_free(parser: number): void
  llhttp_init(parser: number, type: number, settings: number): void
  llhttp_settings_init(settings: number): void
  llhttp_execute(parser: number, at: number, length: number): number
  llhttp_finish(parser: number): number
  llhttp_pause(parser: number): void
  llhttp_resume(parser: number): void
  llhttp_resume_after_upgrade(parser: number): void
  llhttp_should_keep_alive(parser: number): number
  llhttp_get_http_major(parser: number): number
  llhttp_get_http_minor(parser: number): number
  llhttp_get_method(parser: number): number
  llhttp_get_status_code(parser: number): number
  llhttp_get_upgrade(parser: number): number
  llhttp_get_error_pos(parser: number): number
  llhttp_get_error_reason(parser: number): number
  llhttp_errno_name(error: number): number
  llhttp_set_lenient_headers(parser: number, isOn: number): void
}

/** Positions of the callbacks in `llhttp_settings_t`, which has 26 of them; `data` ones take a span. */
const slots: { slot: number; isData: boolean }[] = [
  { slot: 0, isData: false },
  { slot: 2, isData: true },
  { slot: 3, isData: true },
  { slot: 6, isData: true },
  { slot: 7, isData: true },
  { slot: 8, isData: true },
  { slot: 9, isData: true },
  { slot: 10, isData: false },
  { slot: 11, isData: true },
  { slot: 12, isData: false },
  { slot: 23, isData: false },
  { slot: 24, isData: false },
]
const settingsSlots = 26
const scratchBytes = 64 * 1024

const modules = new WeakMap<Env, WebAssembly.Module>()

/** The compiled llhttp; `fetch` inside Node uses the same module with callbacks of its own. */
export function llhttpModuleOf(env: Env): WebAssembly.Module {
  let module = modules.get(env)
  if (module === undefined) {
    const bytes = callDoor<Uint8Array<ArrayBuffer>>(env, 'http.llhttp')
    module = new env.webAssembly.Module(bytes)
    modules.set(env, module)
  }
  return module
}

/** One llhttp instance; it serves every parser of a guest. */
export class Llhttp {
  #wasm: Exports
  #settings: number
  #events = new Map<number, LlhttpEvents>()
  #memory: Uint8Array
  #scratch: number
  #isScratchTaken = false
  #lenientOffset: number

  constructor(env: Env) {
    const { Instance } = env.webAssembly
    const unused = () => 0
    const imports: Record<string, () => number> = {}
    for (const { name } of env.webAssembly.Module.imports(llhttpModuleOf(env)))
      imports[name] = unused
    const instance = new Instance(llhttpModuleOf(env), { env: imports })
    this.#wasm = instance.exports as unknown as Exports
    this.#wasm._initialize()
    this.#memory = new Uint8Array(this.#wasm.memory.buffer)
    this.#settings = this.#makeSettings(env)
    this.#scratch = this.#wasm.malloc(scratchBytes)
    this.#lenientOffset = this.#findLenientFlags()
  }

  create(events: LlhttpEvents): number {
    const parser = this.#wasm.llhttp_alloc(0)
    this.#events.set(parser, events)
    return parser
  }

  /** Sets the parser back to its start. `lenientFlags` are llhttp's own bits, which Node passes on as they are. */
  init(parser: number, type: number, lenientFlags: number): void {
    this.#wasm.llhttp_init(parser, type, this.#settings)
    const view = this.#bytes()
    view[parser + this.#lenientOffset] = lenientFlags & 255
    view[parser + this.#lenientOffset + 1] = (lenientFlags >> 8) & 255
  }

  free(parser: number): void {
    this.#events.delete(parser)
    this.#wasm.llhttp_free(parser)
  }

  /** Parses `bytes`: the error number, and how many bytes were read before it. */
  execute(parser: number, bytes: Uint8Array): { error: number; read: number } {
    const isScratch = !this.#isScratchTaken && bytes.length <= scratchBytes
    const at = isScratch ? this.#scratch : this.#wasm.malloc(bytes.length)
    if (isScratch) this.#isScratchTaken = true
    try {
      this.#bytes().set(bytes, at)
      const error = this.#wasm.llhttp_execute(parser, at, bytes.length)
      const read = error === 0 ? bytes.length : this.#wasm.llhttp_get_error_pos(parser) - at
      return { error, read }
    } finally {
      if (isScratch) this.#isScratchTaken = false
      else this.#wasm.free(at)
    }
  }

  finish(parser: number): number {
    return this.#wasm.llhttp_finish(parser)
  }

  pause(parser: number): void {
    this.#wasm.llhttp_pause(parser)
  }

  resume(parser: number): void {
    this.#wasm.llhttp_resume(parser)
  }

  resumeAfterUpgrade(parser: number): void {
    this.#wasm.llhttp_resume_after_upgrade(parser)
  }

  /** What is known of the message once its headers are complete. */
  head(parser: number) {
    const wasm = this.#wasm
    return {
      major: wasm.llhttp_get_http_major(parser),
      minor: wasm.llhttp_get_http_minor(parser),
      method: wasm.llhttp_get_method(parser),
      statusCode: wasm.llhttp_get_status_code(parser),
      isUpgrade: this.isUpgrade(parser),
      shouldKeepAlive: wasm.llhttp_should_keep_alive(parser) !== 0,
    }
  }

  isUpgrade(parser: number): boolean {
    return this.#wasm.llhttp_get_upgrade(parser) !== 0
  }

  errorName(error: number): string {
    return this.#text(this.#wasm.llhttp_errno_name(error))
  }

  errorReason(parser: number): string {
    return this.#text(this.#wasm.llhttp_get_error_reason(parser))
  }

  #bytes(): Uint8Array {
    const { buffer } = this.#wasm.memory
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer)
    return this.#memory
  }

  #text(at: number): string {
    if (at === 0) return ''
    const bytes = this.#bytes()
    return decodeLatin1(bytes, at, bytes.indexOf(0, at))
  }

  /**
   * Builds a settings table of our own instead of the eight callbacks that fetch needs: Node's server also wants chunk
   * headers, chunk extensions and chunk ends. Functions enter the table through a tiny module that re-exports them.
   */
  #makeSettings(env: Env): number {
    const text = (at: number, length: number) => decodeLatin1(this.#bytes(), at, at + length)
    type Span = (events: LlhttpEvents, at: number, length: number) => number
    const extension: Span = (events, _at, length) => events.onChunkExtension(length)
    const handlers: Span[] = [
      (events) => events.onMessageBegin(),
      (events, at, length) => events.onUrl(text(at, length)),
      (events, at, length) => events.onStatus(text(at, length)),
      (events, at, length) => events.onHeaderField(text(at, length)),
      (events, at, length) => events.onHeaderValue(text(at, length)),
      extension,
      extension,
      (events) => events.onHeadersComplete(),
      (events, at, length) => events.onBody(this.#bytes().slice(at, at + length)),
      (events) => events.onMessageComplete(),
      (events) => events.onChunkHeader(),
      (events) => events.onChunkComplete(),
    ]
    const functions: Record<string, (parser: number, at: number, length: number) => number> = {}
    handlers.forEach((handler, index) => {
      functions[index] = (parser, at, length) => {
        const events = this.#events.get(parser)
        return events === undefined ? -1 : handler(events, at, length)
      }
    })
    const bridge = new env.webAssembly.Instance(
      new env.webAssembly.Module(
        bridgeModule(
          slots.map((_, index) => String(index)),
          slots.map(({ isData }) => [isData ? 3 : 1, true]),
        ),
      ),
      { f: functions },
    )
    const table = this.#wasm.__indirect_function_table
    const first = table.grow(slots.length)
    const settings = this.#wasm.malloc(4 * settingsSlots)
    this.#wasm.llhttp_settings_init(settings)
    const pointers = new Uint32Array(this.#wasm.memory.buffer, settings, settingsSlots)
    slots.forEach(({ slot }, index) => {
      table.set(first + index, bridge.exports[String(index)])
      pointers[slot] = first + index
    })
    return settings
  }

  /** Where a parser keeps its lenient flags: the byte that changes when the first flag is set. */
  #findLenientFlags(): number {
    const parser = this.#wasm.llhttp_alloc(1)
    const before = this.#bytes().slice(parser, parser + 128)
    this.#wasm.llhttp_set_lenient_headers(parser, 1)
    const after = this.#bytes().subarray(parser, parser + 128)
    const offset = before.findIndex((byte, index) => byte !== after[index])
    this.#wasm.llhttp_free(parser)
    if (offset < 0) throw new Error('llhttp keeps its lenient flags somewhere else')
    return offset
  }
}
