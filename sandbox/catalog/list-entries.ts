import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { types } from 'node:util'
import { type CatalogName, catalogNames, installedName } from './catalog.ts'

/** One file of a package that a program can load. */
export interface CatalogEntry {
  name: CatalogName
  /** Its path in the package. */
  file: string
  /** What its bundle's table calls it: the installed package, or a file of it other than its main one. */
  key: string
  isModule: boolean
  /** The names `import` finds; of CommonJS without `default`, which is always there. */
  names: string[]
  /**
   * Of a module that stands beside a CommonJS file for `require`: that file's key. The module then gives the CommonJS
   * file's values, so that a program has one instance however it loads the package.
   */
  twinKey?: string
  /** Whether the twin is what `default` means, and not the twin's own `default`. */
  isTwinDefault?: boolean
}

/**
 * Run in a process of its own, for it loads every file of the catalog's packages to know what Node finds there:
 * `node list-entries.ts <output file>`.
 */
const installed = join(fileURLToPath(new URL('../..', import.meta.url)), 'node_modules')
const load = createRequire(import.meta.url)

/** Not what a program loads: their own tests and tools, builds for a browser, and what they keep to themselves; single languages. */
const privateFolders =
  /(?:^|\/)(?:node_modules|tests?|bench|benchmarks|examples?|docs|bin|bundles?|umd|browser|scripts|build|locales|_[^/]+)\//
const privateFiles = /(?:^|\/)[._][^/]*$|\.(?:min|test)\.js$|(?:^|\/)(?:bin|cli)\.js$/

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => /\.[cm]?js$/.test(path))
    .filter((path) => !privateFolders.test(path) && !privateFiles.test(path))
    .sort()
}

/** Every subpath that a program can name, patterns resolved. */
function subpathsOf(folder: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports?: unknown
  }
  const files = filesBelow(folder).map((path) => `./${path}`)
  if (exports === undefined) return ['.', ...files.filter((path) => path.endsWith('.js'))]
  if (typeof exports !== 'object' || exports === null) return ['.']
  const subpaths = Object.entries(exports)
    .filter(([key]) => key.startsWith('./') && !key.endsWith('.json'))
    .flatMap(([key, target]) => (key.includes('*') ? expand(key, target, files) : [key]))
  return ['.', ...new Set(subpaths)]
}

function expand(key: string, target: unknown, files: string[]): string[] {
  return patternsOf(target).flatMap((pattern) => {
    const [head = '', tail = ''] = pattern.split('*')
    return files
      .filter((path) => path.startsWith(head) && path.endsWith(tail))
      .map((path) => key.replace('*', path.slice(head.length, path.length - tail.length)))
  })
}

/** The patterns that the conditions of an export lead to. */
function patternsOf(target: unknown): string[] {
  if (typeof target === 'string') return [target]
  return typeof target === 'object' && target !== null
    ? Object.values(target).flatMap(patternsOf)
    : []
}

/** What `require` and `import` of a subpath load: one file, or a module of its own for `import`. */
async function entriesOf(name: CatalogName, subpath: string): Promise<CatalogEntry[]> {
  const folder = join(installed, installedName(name))
  const specifier = join(installedName(name), subpath)
  const mainPath = load.resolve(installedName(name))
  const path = load.resolve(specifier)
  const importPath = fileURLToPath(import.meta.resolve(specifier))
  const namespace = (await import(pathToFileURL(importPath).href)) as object
  const names = Object.keys(namespace).filter((each) => each !== 'module.exports')
  const loaded = load(path) as Record<string, unknown>
  const isModule = types.isModuleNamespaceObject(loaded)
  const keyOf = (file: string) =>
    file === mainPath ? installedName(name) : relative(installed, file).split(sep).join('/')
  const entry = (file: string) => ({ name, file: relative(folder, file), key: keyOf(file) })
  if (importPath === path) {
    const isNamed = (each: string) => isModule || each !== 'default'
    return [{ ...entry(path), isModule, names: names.filter(isNamed) }]
  }
  const isTwinDefault = isModule || loaded.__esModule !== true || !('default' in loaded)
  const missing = names.find((each) => each !== 'default' && !(each in loaded))
  if (missing !== undefined) throw new Error(`${specifier} gives ${missing} to import only`)
  return [
    { ...entry(path), isModule, names: await namesOf(path) },
    { ...entry(importPath), isModule: true, names, twinKey: keyOf(path), isTwinDefault },
  ]
}

async function namesOf(path: string): Promise<string[]> {
  const namespace = (await import(pathToFileURL(path).href)) as object
  return Object.keys(namespace).filter((each) => each !== 'module.exports' && each !== 'default')
}

const entries = new Map<string, CatalogEntry>()
for (const name of catalogNames) {
  for (const subpath of subpathsOf(join(installed, installedName(name)))) {
    try {
      for (const entry of await entriesOf(name, subpath)) entries.set(entry.key, entry)
    } catch (error) {
      // What does not load on Node does not load inside either; a package's main file has to.
      if (subpath === '.') throw error
    }
  }
}
writeFileSync(process.argv[2] ?? '', JSON.stringify([...entries.values()]))
// A file that was loaded may have left a timer.
process.exit()
