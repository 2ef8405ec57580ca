import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, availableParallelism, freemem, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { prepareRuntime } from '../../sandbox/runtime/prepare.ts'
import { detectContainment, type LayerReport } from '../../sandbox/supervisor/detect-containment.ts'
import { readUsage } from '../../sandbox/supervisor/usage.ts'
import { type Config, loadConfig } from '../config.ts'
import { explainMissing, missingLayers } from '../grading/required-layers.ts'

export const usage = `usage: assay doctor [--json]

  Tries every layer that contains programs on this machine, with the settings of the server, and tells what it protects
  from. Ends with 1 when a layer that ASSAY_LAYERS requires is not active.

  --json        print the findings as JSON
`
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

interface Fact {
  name: string
  value: string
}

/**
 * Tries every layer and prints them with facts of the platform.
 * @returns 0, or 1 when a required layer is not active
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } })
  const config = loadConfig()
  const { isHardened, requiredLayers, cgroupRoot } = config
  const cacheDir = config.cacheDir ?? join(projectRoot, '.cache', 'sandbox')
  const runtime = await prepareRuntime(cacheDir, { isHardened })
  const startedAt = performance.now()
  const { layers } = await detectContainment({ runtime, isHardened, cgroupRoot })
  const tookMs = Math.round(performance.now() - startedAt)
  const missing = missingLayers(layers, requiredLayers)
  const facts = factsOf(config)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ layers, required: requiredLayers, missing: missing.map(({ id }) => id), facts, tookMs }, null, 2)}\n`
      : `${formatLayers(layers, requiredLayers)}\n\n${formatFacts(facts)}\n\nTried in ${tookMs} ms.\n`,
  )
  if (missing.length === 0) return 0
  if (!values.json) process.stdout.write(`\n${explainMissing(missing)}\n`)
  return 1
}

/** A table: name, state, what it protects from, and below it what was seen. A star marks a required layer. */
export function formatLayers(layers: readonly LayerReport[], required: readonly string[]): string {
  const lines = [['layer', 'state', 'protects from'], ...layers.map(rowOf)]
  const width = (column: 0 | 1) => Math.max(...lines.map((line) => line[column]?.length ?? 0)) + 2
  const [first, second] = [width(0), width(1)]
  const show = ([name = '', state = '', text = '']: string[]) =>
    `${name.padEnd(first)}${state.padEnd(second)}${text}`
  const body = layers.flatMap((layer) => [
    show(rowOf(layer)),
    `${' '.repeat(first + second)}-> ${layer.detail}`,
  ])
  return [show(lines[0] ?? []), ...body, '* required by ASSAY_LAYERS'].join('\n')

  function rowOf({ id, state, protects }: LayerReport): string[] {
    return [required.includes(id) ? `${id} *` : id, state, protects]
  }
}

const formatFacts = (facts: readonly Fact[]) =>
  facts.map(({ name, value }) => `${name.padEnd(22)}${value}`).join('\n')

function factsOf({ dataDir }: Config): Fact[] {
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GB`
  return [
    { name: 'Node', value: `${process.version} (${realpathSync(process.execPath)})` },
    { name: 'V8', value: process.versions.v8 },
    { name: 'isolated-vm', value: versionOf('isolated-vm') },
    { name: 'system', value: `${platform()} ${release()} ${arch()}` },
    { name: 'user', value: `${process.getuid?.() ?? 'none'}` },
    {
      name: '/proc',
      value:
        readUsage(process.pid) === null
          ? 'not readable: no watch over memory and processor time between limits'
          : 'readable: memory and processor time of guests are watched',
    },
    { name: 'memory', value: `${gigabytes(totalmem())}, ${gigabytes(freemem())} free` },
    { name: 'cores', value: `${availableParallelism()}` },
    { name: 'data folder', value: `${dataDir}: ${stateOf(dataDir)}` },
  ]
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url)
  return (require(`${name}/package.json`) as { version: string }).version
}

function stateOf(folder: string): string {
  if (!existsSync(folder)) return 'not made yet'
  const mode = statSync(folder).mode & 0o777
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return 'cannot be written by this user'
  }
  const shown = `mode ${mode.toString(8).padStart(3, '0')}`
  return mode & 0o077
    ? `${shown}, open to other users: chmod 700 it`
    : `${shown}, closed to other users`
}
