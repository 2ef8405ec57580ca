import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type LayerId, layerIds, posixLayers } from '../sandbox/supervisor/layers/layer.ts'

const repositoryRoot = resolve(import.meta.dirname, '..')

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
type LogLevel = (typeof logLevels)[number]

export interface Config {
  readonly port: number
  readonly host: string
  /** Absolute path of the folder that holds everything the server keeps. */
  readonly dataDir: string
  /** Origin (`https://interviews.example.org`) the pages are opened at; null: whatever host the request names. */
  readonly origin: string | null
  readonly logLevel: LogLevel
  /** Guest processes kept warm. */
  readonly poolSize: number
  /** Graded and sample runs judged at the same time. */
  readonly concurrency: number
  /** Programs that candidates may have running for their own eyes, all together. */
  readonly maxPreviews: number
  /** Signs staff login sessions; null: generated once into the data folder. */
  readonly secret: string | null
  readonly isProduction: boolean
  /** Absolute path of the pack that is offered. */
  readonly packRoot: string
  /** Absolute path of the built web page. */
  readonly webDir: string
  /** Take the client's address from `X-Forwarded-For` of a reverse proxy in front. */
  readonly isBehindProxy: boolean
  /** Seed the demo on an empty database. */
  readonly hasDemo: boolean
  /** Absolute path of what is built from the sources, which guests read; null: in the data folder. */
  readonly cacheDir: string | null
  /** Nothing a program writes becomes machine code. */
  readonly isHardened: boolean
  /** Layers around programs without which the server does not start. */
  readonly requiredLayers: readonly LayerId[]
  /** Absolute path of the cgroup v2 folder that was given to the server. */
  readonly cgroupRoot: string | null
}

export interface Setting {
  name: string
  default: string
  meaning: string
}

/** Every environment variable the server reads; the README's table is checked against this one. */
export const settings: readonly Setting[] = [
  { name: 'PORT', default: '3000', meaning: 'TCP port to listen on; 0 picks a free one' },
  { name: 'HOST', default: '127.0.0.1', meaning: 'address to listen on' },
  {
    name: 'ASSAY_DATA',
    default: '.data',
    meaning: 'folder for the database and everything else that is kept',
  },
  {
    name: 'ASSAY_ORIGIN',
    default: '(the host the page is opened at)',
    meaning:
      'public origin, for example https://interviews.example.org; links and origin checks use it',
  },
  { name: 'ASSAY_LOG', default: 'warn', meaning: `log level: ${logLevels.join(', ')}` },
  { name: 'ASSAY_POOL', default: '2', meaning: 'guest processes kept warm, 0 to 64' },
  {
    name: 'ASSAY_CONCURRENCY',
    default: '2',
    meaning: 'graded and sample runs judged at the same time, 1 to 64',
  },
  {
    name: 'ASSAY_PREVIEWS',
    default: '16',
    meaning: 'programs candidates may have running at the same time, all together, 1 to 1000',
  },
  {
    name: 'ASSAY_SECRET',
    default: '(generated into the data folder)',
    meaning: 'signs staff login sessions; at least 32 characters',
  },
  {
    name: 'ASSAY_PACK',
    default: '(this repository)',
    meaning: 'folder of the challenge pack that is offered',
  },
  {
    name: 'ASSAY_PROXY',
    default: '0',
    meaning: '1 behind a reverse proxy: trust X-Forwarded-For and -Proto',
  },
  { name: 'ASSAY_DEMO', default: '1', meaning: '0: do not seed the demo on an empty database' },
  {
    name: 'ASSAY_LAYERS',
    default: '(none)',
    meaning: `layers around programs without which the server does not start, with commas: ${layerIds.join(', ')}, or none`,
  },
  {
    name: 'ASSAY_HARDENED',
    default: '0',
    meaning: '1: nothing a program writes is compiled to machine code (the layer jitless); slower',
  },
  {
    name: 'ASSAY_CGROUP',
    default: '(looked for)',
    meaning: 'cgroup v2 folder that is delegated to the server and holds no process',
  },
  {
    name: 'ASSAY_CACHE',
    default: '(in the data folder; as root, .cache/sandbox)',
    meaning:
      'folder for what is built from the sources; users that guests run as must be able to read it',
  },
  {
    name: 'NODE_ENV',
    default: '(unset)',
    meaning: `production: ASSAY_ORIGIN must be set, no demo is seeded unless ASSAY_DEMO=1, and ASSAY_LAYERS defaults to ${posixLayers.join(',')}`,
  },
]

/** Thrown by `loadConfig` with every problem found, one per line. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`Wrong settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads and checks every setting. The only reader of the environment in the server.
 * Throws `ConfigError` that names all problems at once; the answer is frozen.
 */
export const loadConfig = (env: Record<string, string | undefined> = process.env): Config => {
  const problems: string[] = []
  const raw = (name: string) => (env[name] === '' ? undefined : env[name])
  const report = (name: string, expected: string) =>
    problems.push(`${name}: expected ${expected}, got ${JSON.stringify(env[name])}`)

  const integer = (name: string, fallback: number, min: number, max: number) => {
    const text = raw(name)
    if (text === undefined) return fallback
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    report(name, `a whole number from ${min} to ${max}`)
    return fallback
  }
  const flag = (name: string, fallback: boolean) => {
    const text = raw(name)
    if (text === undefined) return fallback
    if (text === '0' || text === '1') return text === '1'
    report(name, '0 or 1')
    return fallback
  }
  const origin = () => {
    const text = raw('ASSAY_ORIGIN')
    if (text === undefined) return null
    const url = URL.canParse(text) ? new URL(text) : null
    if (url && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, ''))
      return url.origin
    report('ASSAY_ORIGIN', 'an origin such as https://interviews.example.org, without a path')
    return null
  }
  const logLevel = () => {
    const text = raw('ASSAY_LOG') ?? 'warn'
    const level = logLevels.find((each) => each === text)
    if (!level) report('ASSAY_LOG', `one of ${logLevels.join(', ')}`)
    return level ?? 'warn'
  }
  const secret = () => {
    const text = raw('ASSAY_SECRET') ?? null
    // The value itself never goes to the terminal.
    if (text !== null && text.length < 32) {
      problems.push(`ASSAY_SECRET: expected at least 32 characters, got ${text.length}`)
    }
    return text
  }
  const host = () => {
    const text = raw('HOST') ?? '127.0.0.1'
    if (!/^[A-Za-z0-9.:_-]+$/.test(text)) report('HOST', 'a host name or an IP address')
    return text
  }

  const packRoot = () => {
    const folder = resolve(repositoryRoot, raw('ASSAY_PACK') ?? '.')
    if (!existsSync(resolve(folder, 'pack.yaml'))) report('ASSAY_PACK', 'a folder with a pack.yaml')
    return folder
  }

  const requiredLayers = (): readonly LayerId[] => {
    const text = raw('ASSAY_LAYERS')
    if (text === undefined) return isProduction ? posixLayers : []
    if (text === 'none') return []
    const names = text.split(',').map((name) => name.trim())
    const known = layerIds.filter((id) => names.includes(id))
    if (known.length < new Set(names).size)
      report('ASSAY_LAYERS', `names with commas of ${layerIds.join(', ')}, or none`)
    return known
  }
  const cgroupRoot = () => {
    const folder = raw('ASSAY_CGROUP')
    if (folder === undefined) return null
    if (!existsSync(resolve(folder, 'cgroup.controllers')))
      report('ASSAY_CGROUP', 'a folder of the cgroup v2 tree, below /sys/fs/cgroup')
    return resolve(folder)
  }
  /** The data folder is closed to other users, and guests of root are other users. */
  const cacheDir = () => {
    const folder = raw('ASSAY_CACHE')
    if (folder !== undefined) return resolve(repositoryRoot, folder)
    return process.getuid?.() === 0 ? resolve(repositoryRoot, '.cache/sandbox') : null
  }

  const isProduction = raw('NODE_ENV') === 'production'
  const config: Config = {
    port: integer('PORT', 3000, 0, 65_535),
    host: host(),
    dataDir: resolve(repositoryRoot, raw('ASSAY_DATA') ?? '.data'),
    origin: origin(),
    logLevel: logLevel(),
    poolSize: integer('ASSAY_POOL', 2, 0, 64),
    concurrency: integer('ASSAY_CONCURRENCY', 2, 1, 64),
    maxPreviews: integer('ASSAY_PREVIEWS', 16, 1, 1000),
    secret: secret(),
    isProduction,
    packRoot: packRoot(),
    webDir: resolve(repositoryRoot, 'dist/web'),
    isBehindProxy: flag('ASSAY_PROXY', false),
    hasDemo: flag('ASSAY_DEMO', !isProduction),
    cacheDir: cacheDir(),
    isHardened: flag('ASSAY_HARDENED', false),
    requiredLayers: requiredLayers(),
    cgroupRoot: cgroupRoot(),
  }
  if (isProduction && raw('ASSAY_ORIGIN') === undefined) {
    problems.push(
      'ASSAY_ORIGIN: expected the public origin when NODE_ENV is production, got nothing',
    )
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}
