import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin, PluginBuild } from 'esbuild'
import { layerEntry, layeredPackages } from '../isolate/trace-names.ts'
import { bundleOf, installedName } from './catalog.ts'
import type { CatalogEntry } from './list-entries.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const installed = join(projectRoot, 'node_modules')

const pathOf = ({ name, file }: CatalogEntry) => join(installed, installedName(name), file)

/** Writes one bundle: a table from an entry's key to what evaluates it. */
export async function bundlePackages(
  bundle: string,
  entries: CatalogEntry[],
  outfile: string,
): Promise<void> {
  const { build } = await import('esbuild')
  const own = entries.filter(({ name, twinKey }) => bundleOf(name) === bundle && !twinKey)
  const table = own.map((entry) => [entry.key, pathOf(entry)])
  for (const name of layeredPackages) {
    const main = own.find(({ key }) => key === name)
    if (main !== undefined) table.push([layerEntry(name), layerPath(pathOf(main))])
  }
  const lines = table.map(
    ([key, path]) => `${JSON.stringify(key)}: () => require(${JSON.stringify(path)}),`,
  )
  await build({
    stdin: {
      contents: `module.exports = {\n${lines.join('\n')}\n}\n`,
      resolveDir: projectRoot,
      loader: 'js',
    },
    bundle: true,
    outfile,
    // A module's path from here is the name of a function that shows in stacks.
    absWorkingDir: installed,
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    // As Node resolves: esbuild's own condition `module` is not Node's.
    conditions: ['module-sync'],
    mainFields: ['main'],
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'error',
    plugins: [fromOtherBundles(bundle, entries)],
  })
}

/** Express 5 has its router in a package of its own. */
function layerPath(mainPath: string): string {
  const { resolve } = createRequire(mainPath)
  try {
    return resolve('./lib/router/layer.js')
  } catch {
    return resolve('router/lib/layer')
  }
}

/** Takes what another bundle holds from there, so that a program has one instance of it. */
function fromOtherBundles(bundle: string, entries: CatalogEntry[]): Plugin {
  const byPath = new Map(entries.map((entry) => [pathOf(entry), entry]))
  const names = new Set(entries.map(({ name }) => installedName(name)))
  return {
    name: 'from other bundles',
    setup(build: PluginBuild) {
      const namespace = 'other-bundle'
      const isAsked = Symbol('asked')
      build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...asked }) => {
        const [first = ''] = path.split('/')
        if (pluginData === isAsked || !names.has(first)) return undefined
        const found = await build.resolve(path, { ...asked, pluginData: isAsked })
        const entry = byPath.get(found.path)
        if (entry === undefined || bundleOf(entry.name) === bundle) return found
        // No path of its own: the ending of one would say whether this is a module.
        return { path: entry.key.replaceAll('.', '-'), namespace, pluginData: entry }
      })
      build.onLoad({ filter: /./, namespace }, ({ pluginData }) => {
        const entry = pluginData as CatalogEntry
        const key = entry.twinKey ?? entry.key
        const file = `./${bundleOf(entry.name)}.cjs`
        return {
          contents: `module.exports = require(${JSON.stringify(file)})[${JSON.stringify(key)}]()`,
          loader: 'js',
        }
      })
      build.onResolve({ filter: /./, namespace }, ({ path }) => ({ path, external: true }))
    },
  }
}
