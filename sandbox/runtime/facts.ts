import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeCacheFiles, openCodeCache } from './code-cache.ts'

/** What is lost of an object on its way through JSON. */
export interface ConstantShape {
  /** It has no prototype. */
  isBare?: true
  /** Entries that are not enumerable. */
  hidden?: [string, unknown][]
  /** Keys whose value is infinity. */
  infinite?: string[]
}

/** What the pinned Node binary says about itself; the isolate's bindings are built over it. */
export interface NodeFacts {
  version: string
  versions: Record<string, string>
  /** `process.release`. */
  release: Record<string, unknown>
  builtinIds: string[]
  builtinCategories: { canBeRequired: string[]; cannotBeRequired: string[] }
  /** `process.config` as JSON text. */
  config: string
  cliOptions: Record<string, unknown>
  uvErrors: [number, string, string][]
  privateSymbols: string[]
  symbols: string[]
  embedderOptions: Record<string, unknown>
  /** Per binding: every plain value (numbers, strings, nested plain objects). */
  bindingConstants: Record<string, Record<string, unknown>>
  /** Per binding and path of an object among its constants: what JSON cannot say of it. */
  constantShapes: Record<string, Record<string, ConstantShape>>
  /** Per binding: every key, so that an absent one can name itself. */
  bindingKeys: Record<string, string[]>
  /** Names this binary and these facts, for files derived from them. */
  key: string
  /** V8's compiled data of one builtin, when the code cache has been built. */
  compiled(id: string): Uint8Array | undefined
  /** SQLite compiled to WebAssembly, of the version that the binary has built in or near it; read on demand. */
  sqliteWasm(): Uint8Array
  /** Source text of one module of Node's own library, read on demand; undefined for an unknown id. */
  source(id: string): string | undefined
}

/** Bindings whose facts the isolate may ask for. */
const bindingNames =
  `async_context_frame async_wrap blob block_list buffer builtins cares_wrap config constants contextify credentials
  crypto diagnostics_channel encoding_binding errors fs fs_dir fs_event_wrap heap_utils http2 http_parser icu inspector
  js_stream js_udp_wrap locks messaging mksnapshot module_wrap modules options os performance permission pipe_wrap
  process_methods process_wrap profiler report sea serdes signal_wrap spawn_sync sqlite stream_pipe stream_wrap
  string_decoder symbols task_queue tcp_wrap timers tls_wrap trace_events tty_wrap types udp_wrap url url_pattern util
  uv v8 wasi wasm_web_api watchdog worker zlib`
    .trim()
    .split(/\s+/)

/** As stored: everything but the sources, and where in the sources file each one lies. */
type StoredFacts = Omit<NodeFacts, 'source' | 'sqliteWasm' | 'compiled' | 'key'> & {
  sourceIndex: Record<string, [number, number]>
}

const paths = (cacheDir: string, key: string) => ({
  facts: join(cacheDir, `facts-${key}.json`),
  sources: join(cacheDir, `sources-${key}.txt`),
  sqlite: join(cacheDir, `sqlite-${key}.wasm`),
})

/**
 * The facts of the running binary, read from it when `cacheDir` has them not: by binary version and reader text.
 * @throws when the binary cannot be asked (a Node without these internals).
 */
export function loadFacts(cacheDir: string): NodeFacts {
  const readerPath = fileURLToPath(new URL('./read-facts.cjs', import.meta.url))
  const key = createHash('sha256')
    .update(process.version)
    .update(process.arch)
    .update(readFileSync(readerPath))
    // V8 takes compiled data for another text of the same length: what we wrap around a source is part of the key.
    .update(readFileSync(fileURLToPath(new URL('./builtin-wrapper.ts', import.meta.url))))
    .update(bindingNames.join())
    .update(readFileSync(sqlitePath()))
    .digest('hex')
    .slice(0, 16)
  if (!existsSync(paths(cacheDir, key).facts)) writeFacts(cacheDir, key, readerPath)
  return openFacts(cacheDir, key)
}

/** The files of facts that exist, for a process that may read nothing else. */
export const factFiles = (cacheDir: string, key: string): string[] => [
  ...Object.values(paths(cacheDir, key)),
  ...codeCacheFiles(cacheDir, key),
]

/** Facts that `loadFacts` has stored before, perhaps in another process; nothing but `factFiles` is read. */
export function openFacts(cacheDir: string, key: string): NodeFacts {
  const stored = paths(cacheDir, key)
  const { sourceIndex, ...facts } = JSON.parse(readFileSync(stored.facts, 'utf8')) as StoredFacts
  const file = openSync(stored.sources, 'r')
  const code = openCodeCache(cacheDir, key)
  return {
    ...facts,
    key,
    sqliteWasm: () => new Uint8Array(readFileSync(stored.sqlite)),
    compiled: (id) => code.get(id),
    source(id) {
      const [offset, length] = sourceIndex[id] ?? [0, -1]
      if (length < 0) return undefined
      const bytes = Buffer.allocUnsafe(length)
      readSync(file, bytes, 0, length, offset)
      return bytes.toString('utf8')
    },
  }
}

const sqlitePath = () =>
  createRequire(import.meta.url).resolve('@sqlite.org/sqlite-wasm/sqlite3.wasm')

function writeFacts(cacheDir: string, key: string, readerPath: string): void {
  mkdirSync(cacheDir, { recursive: true })
  copyFileSync(sqlitePath(), paths(cacheDir, key).sqlite)
  const text = execFileSync(
    process.execPath,
    ['--expose-internals', '--no-warnings', readerPath, ...bindingNames],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, env: {} },
  )
  const { sources, ...facts } = JSON.parse(text) as { sources: Record<string, unknown> }
  const sourceIndex: StoredFacts['sourceIndex'] = {}
  const chunks: Buffer[] = []
  let offset = 0
  for (const [id, source] of Object.entries(sources)) {
    if (typeof source !== 'string') continue
    const bytes = Buffer.from(source)
    sourceIndex[id] = [offset, bytes.length]
    chunks.push(bytes)
    offset += bytes.length
  }
  // The facts file goes last: it is what says that both are complete.
  const { facts: factsPath, sources: sourcesPath } = paths(cacheDir, key)
  writeWhole(sourcesPath, Buffer.concat(chunks))
  writeWhole(factsPath, JSON.stringify({ ...facts, sourceIndex }))
}

function writeWhole(path: string, content: string | Buffer): void {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, content)
  renameSync(temporary, path)
}
