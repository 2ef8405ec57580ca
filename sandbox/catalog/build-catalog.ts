import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { layerEntry, layeredPackage } from '../isolate/trace-names.ts'
import { bundleFolder, bundleOf, bundles, catalogNames } from './catalog.ts'
import { sourceName } from './compiled-bundle.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const compilerPath = fileURLToPath(new URL('./compile-bundle.ts', import.meta.url))
const load = createRequire(join(projectRoot, 'package.json'))

interface PackageJson {
  name: string
  version: string
  license?: string
  exports?: unknown
}

/**
 * Builds the catalog: CommonJS bundles of the packages with all they depend on, V8's compiled form of them, and per package a façade folder that exports its part. Cached by lockfile and sources.
 * @param nodeFlags the V8 flags of a guest: compiled code made under others is refused
 * @returns the catalog's folder
 */
export async function buildCatalog(cacheDir: string, nodeFlags: string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version).update(nodeFlags.join())
  for (const path of [
    'package-lock.json',
    'sandbox/catalog/catalog.ts',
    'sandbox/catalog/build-catalog.ts',
    'sandbox/isolate/trace-names.ts',
    'sandbox/guest/door/function-text.ts',
    'sandbox/guest/door/source/async-context.ts',
    'sandbox/guest/door/source/prepare.ts',
  ]) {
    hash.update(readFileSync(join(projectRoot, path)))
  }
  const dir = join(cacheDir, `catalog-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(dir)) return dir
  const temporary = `${dir}.${process.pid}`
  const modules = join(temporary, 'node_modules')
  mkdirSync(join(modules, bundleFolder), { recursive: true })
  const entries = catalogNames.flatMap((name) => subpathsOf(name))
  for (const [bundle, names] of Object.entries(bundles)) {
    const own = entries.filter(({ name }) => names.includes(name))
    await bundlePackages(own, join(temporary, sourceName(bundle)))
    // What a program would read there: the text of a bundle is long, and the host has its own.
    writeFileSync(join(modules, bundleFolder, `${bundle}.cjs`), '// compiled ahead\n')
  }
  for (const { name, subpath, specifier } of entries) writeFacade(modules, name, subpath, specifier)
  execFileSync(process.execPath, [...nodeFlags, compilerPath, temporary], {
    env: {},
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    renameSync(temporary, dir)
  } catch (error) {
    // Another process was quicker with the same content.
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  }
  return dir
}

interface Entry {
  name: string
  /** `.` or `./v4/core`. */
  subpath: string
  specifier: string
}

/** The package itself and every fixed subpath its `exports` names that `require` can load. */
function subpathsOf(name: string): Entry[] {
  const { exports } = packageJson(name)
  const keys = typeof exports === 'object' && exports !== null ? Object.keys(exports) : []
  const subpaths = [
    '.',
    ...keys.filter((key) => key.startsWith('./') && !/\*|\.json$|locales/.test(key)),
  ]
  return subpaths
    .map((subpath) => ({
      name,
      subpath,
      specifier: subpath === '.' ? name : `${name}/${subpath.slice(2)}`,
    }))
    .filter(({ specifier }) => isLoadable(specifier))
}

function isLoadable(specifier: string): boolean {
  try {
    load(specifier)
    return true
  } catch {
    return false
  }
}

function packageJson(name: string): PackageJson {
  return JSON.parse(
    readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8'),
  ) as PackageJson
}

async function bundlePackages(entries: Entry[], outfile: string): Promise<void> {
  const { build } = await import('esbuild')
  const table = entries.map(
    ({ specifier }) => `${JSON.stringify(specifier)}: () => require(${JSON.stringify(specifier)}),`,
  )
  if (entries.some(({ specifier }) => specifier === layeredPackage)) {
    const layerPath = createRequire(load.resolve(layeredPackage)).resolve('router/lib/layer')
    table.push(`${JSON.stringify(layerEntry)}: () => require(${JSON.stringify(layerPath)}),`)
  }
  await build({
    stdin: {
      contents: `module.exports = {\n${table.join('\n')}\n}\n`,
      resolveDir: projectRoot,
      loader: 'js',
    },
    bundle: true,
    outfile,
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'error',
  })
}

/** A folder that answers `require` and `import` of one specifier out of the bundle, with its names where the lexer finds them. */
function writeFacade(modules: string, name: string, subpath: string, specifier: string): void {
  const isMain = subpath === '.'
  const path = join(modules, name, isMain ? 'index.js' : `${subpath.slice(2)}.js`)
  mkdirSync(dirname(path), { recursive: true })
  const depth = isMain ? 1 : subpath.split('/').length
  const up = '../'.repeat(depth)
  const exported = load(specifier) as object
  const names = Object.keys(exported).filter(
    (key) => /^[A-Za-z_$][\w$]*$/.test(key) && key !== 'default',
  )
  writeFileSync(
    path,
    // Not `module.exports = require(…)`: the lexer would follow it for more names.
    `'use strict'\nconst bundle = require('${up}${bundleFolder}/${bundleOf(name)}.cjs')\nmodule.exports = bundle[${JSON.stringify(specifier)}]()\n` +
      // What Node's lexer reads to know the names of a CommonJS module; it never runs.
      `0 && (${names.map((key) => `exports.${key} = `).join('')}0)\n`,
  )
  if (!isMain) return
  const { version, license } = packageJson(name)
  const exports: Record<string, string> = { '.': './index.js', './package.json': './package.json' }
  for (const entry of subpathsOf(name)) {
    if (entry.subpath !== '.') exports[entry.subpath] = `${entry.subpath}.js`
  }
  writeFileSync(
    join(modules, name, 'package.json'),
    `${JSON.stringify({ name, version, license, main: './index.js', exports }, null, 2)}\n`,
  )
}
