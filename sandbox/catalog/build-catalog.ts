import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundlePackages } from './bundle-packages.ts'
import { bundleFolder, bundleNames, bundleOf, installedName } from './catalog.ts'
import { sourceName } from './compiled-bundle.ts'
import type { CatalogEntry } from './list-entries.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const scriptPath = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/**
 * Builds the catalog: CommonJS bundles of the packages with all they depend on, V8's compiled form of them, and per package a
 * folder laid out as npm installs it whose files give the bundle's part. Cached by lockfile and sources.
 * @param nodeFlags the V8 flags of a guest: compiled code made under others is refused
 * @returns the catalog's folder
 */
export async function buildCatalog(cacheDir: string, nodeFlags: string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version).update(nodeFlags.join())
  for (const path of [
    'package-lock.json',
    'sandbox/catalog/catalog.ts',
    'sandbox/catalog/list-entries.ts',
    'sandbox/catalog/bundle-packages.ts',
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
  const entries = listEntries(temporary)
  for (const bundle of bundleNames) {
    await bundlePackages(bundle, entries, join(temporary, sourceName(bundle)))
    // What a program would read there: the text of a bundle is long, and the host has its own.
    writeFileSync(join(modules, bundleFolder, `${bundle}.cjs`), '// compiled ahead\n')
  }
  copyPackageJsons(modules, entries)
  for (const entry of entries) writeFacade(modules, entry)
  run('compile-bundle.ts', [temporary], nodeFlags)
  try {
    renameSync(temporary, dir)
  } catch (error) {
    // Another process was quicker with the same content.
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  }
  return dir
}

function listEntries(dir: string): CatalogEntry[] {
  const path = join(dir, 'entries.json')
  run('list-entries.ts', [path], ['--no-warnings'], dir)
  const entries = JSON.parse(readFileSync(path, 'utf8')) as CatalogEntry[]
  rmSync(path)
  return entries
}

function run(script: string, scriptArguments: string[], nodeFlags: string[], cwd?: string): void {
  execFileSync(process.execPath, [...nodeFlags, scriptPath(script), ...scriptArguments], {
    cwd,
    env: {},
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Their own, whole: what `exports` resolves to is where the façades lie, and `type` says what they are. */
function copyPackageJsons(modules: string, entries: CatalogEntry[]): void {
  for (const { name, file } of entries) {
    for (let folder = dirname(file); ; folder = dirname(folder)) {
      const from = join(projectRoot, 'node_modules', installedName(name), folder, 'package.json')
      const to = join(modules, name, folder, 'package.json')
      if (existsSync(from) && !existsSync(to)) {
        mkdirSync(dirname(to), { recursive: true })
        writeFileSync(to, readFileSync(from))
      }
      if (folder === '.') break
    }
  }
}

/** A file that answers `require` and `import` out of the bundle, with its names where the lexer or the parser finds them. */
function writeFacade(modules: string, entry: CatalogEntry): void {
  const path = join(modules, entry.name, entry.file)
  mkdirSync(dirname(path), { recursive: true })
  const up = '../'.repeat(entry.file.split('/').length)
  const bundlePath = JSON.stringify(`${up}${bundleFolder}/${bundleOf(entry.name)}.cjs`)
  const write = entry.isModule ? moduleFacade : commonJsFacade
  writeFileSync(path, write(entry, bundlePath))
}

function commonJsFacade({ key, names }: CatalogEntry, bundlePath: string): string {
  const exported = names.map((name) => `exports[${JSON.stringify(name)}] = `).join('')
  return (
    // Not `module.exports = require(…)`: the lexer would follow it for more names.
    `'use strict'\nconst bundle = require(${bundlePath})\nmodule.exports = bundle[${JSON.stringify(key)}]()\n` +
    // What Node's lexer reads to know the names of a CommonJS module; it never runs.
    `0 && (${exported}0)\n`
  )
}

function moduleFacade(entry: CatalogEntry, bundlePath: string): string {
  const { key, names, twinKey = key, isTwinDefault = false } = entry
  const values = names.map((name) =>
    name === 'default' && isTwinDefault ? 'given' : `given[${JSON.stringify(name)}]`,
  )
  const listed = names.map((name, i) => `value${i} as ${JSON.stringify(name)}`)
  return [
    `import bundle from ${bundlePath}`,
    `const given = bundle[${JSON.stringify(twinKey)}]()`,
    ...values.map((value, i) => `const value${i} = ${value}`),
    `export { ${listed.join(', ')} }\n`,
  ].join('\n')
}
