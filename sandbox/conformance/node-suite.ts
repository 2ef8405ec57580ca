import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExecCommand, runProcess } from './exec-command.ts'

/** How tests of Node's own suite went that belong to one module. */
export interface SuiteCount {
  id: string
  /** Tests that pass on the pinned Node without flags. */
  native: number
  /** Of those, tests that pass in the sandbox. */
  inside: number
  failed: string[]
}

export interface SuiteOptions {
  /** Folder that holds Node's `test/`. */
  root: string
  exec: ExecCommand
  /** Only tests whose name contains it. */
  only: string
  onTest(name: string, isSame: boolean): void
}

const tested = 'test/parallel'

/** Names of test files begin with what they test; these say which module that is. */
const prefixes: readonly [prefix: string, id: string][] = [
  ['async-hooks', 'async_hooks'],
  ['async-local', 'async_hooks'],
  ['asyncresource', 'async_hooks'],
  ['event-emitter', 'events'],
  ['events', 'events'],
  ['eventtarget', 'events'],
  ['abort', 'globals'],
  ['structuredClone', 'globals'],
  ['diagnostics-channel', 'diagnostics_channel'],
  ['string-decoder', 'string_decoder'],
  ['perf', 'perf_hooks'],
  ['whatwg-url', 'url'],
  ['whatwg-webstreams', 'stream/web'],
  ['webstream', 'stream/web'],
  ['readable', 'stream'],
  ['stream2', 'stream'],
  ['stream3', 'stream'],
  ['next-tick', 'process'],
  ['microtask', 'process'],
  ['promise', 'process'],
  ['unhandled', 'process'],
  ['uncaught', 'process'],
  ['beforeexit', 'process'],
  ['webcrypto', 'crypto'],
  ['worker', 'worker_threads'],
  ['runner', 'test'],
  ['blob', 'buffer'],
  ['file', 'buffer'],
  ...[
    'assert',
    'buffer',
    'console',
    'crypto',
    'dns',
    'fs',
    'http2',
    'https',
    'http',
    'module',
    'net',
    'os',
    'path',
    'process',
    'punycode',
    'querystring',
    'readline',
    'sqlite',
    'stream',
    'timers',
    'tls',
    'url',
    'util',
    'zlib',
  ].map((id): [string, string] => [id, id]),
]

const moduleOf = (file: string) =>
  prefixes.find(([prefix]) => file === `test-${prefix}` || file.startsWith(`test-${prefix}-`))?.[1]

/**
 * Runs Node's own tests (`test/parallel` of its repository), unmodified, each alone: first on the pinned Node, then, if it
 * passes there, in the sandbox. Tests that want flags of Node are left out: they look into its internals.
 */
export async function runNodeSuite(options: SuiteOptions): Promise<SuiteCount[]> {
  const files = readdirSync(join(options.root, tested))
    .filter((name) => /\.m?js$/.test(name) && name.includes(options.only))
    .filter((name) => !wantsFlags(join(options.root, tested, name)))
  const counts = new Map<string, SuiteCount>()
  const exitCodeOf = async (args: string[]) => (await runProcess(args, options.root)).exitCode
  const queue = [...files]
  const next = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const id = moduleOf(file.replace(/\.m?js$/, ''))
      if (id === undefined) continue
      const path = join(tested, file)
      if ((await exitCodeOf([path])) !== 0) continue
      const count = counts.get(id) ?? { id, native: 0, inside: 0, failed: [] }
      counts.set(id, count)
      count.native++
      const isSame = (await exitCodeOf(options.exec(options.root, path, false))) === 0
      if (isSame) count.inside++
      else count.failed.push(file)
      options.onTest(file, isSame)
    }
  }
  await Promise.all([next(), next()])
  return [...counts.values()]
}

const wantsFlags = (path: string) => /^\/\/ Flags:/m.test(readFileSync(path, 'utf8'))
