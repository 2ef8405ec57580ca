import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Virtual path (`node_modules/express/…`) → text, as the editor's TypeScript service will see it. */
export type TypeFiles = Record<string, string>

interface PackageManifest {
  name: string
  version?: string
  types?: string
  typings?: string
  main?: string
  type?: string
}

const specifierPatterns = [
  /\bfrom\s+['"]([^'"]+)['"]/g,
  /\bimport\s+['"]([^'"]+)['"]/g,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  /\brequire\(\s*['"]([^'"]+)['"]\s*\)/g,
  /<reference\s+types=["']([^"']+)["']/g,
]
const referencePathPattern = /<reference\s+path=["']([^"']+)["']/g

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '')
}

function readManifest(folder: string): PackageManifest | null {
  const path = join(folder, 'package.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as PackageManifest) : null
}

/** The declaration file that a relative specifier or a `types` entry means, or null. */
function declarationFile(base: string): string | null {
  const stem = base.replace(/\.(js|cjs|mjs)$/, '')
  const candidates = [
    base,
    `${base}.d.ts`,
    base.replace(/\.cjs$/, '.d.cts'),
    base.replace(/\.mjs$/, '.d.mts'),
    `${stem}.d.ts`,
    `${stem}.d.cts`,
    `${stem}.d.mts`,
    join(base, 'index.d.ts'),
  ]
  for (const path of candidates) {
    if (/\.d\.[cm]?ts$/.test(path) && existsSync(path) && statSync(path).isFile()) return path
  }
  return null
}

/** Folder that declares a bare package: its `@types` package when there is one, else its own. */
function packageFolder(modulesFolder: string, name: string): string | null {
  const mangled = name.startsWith('@') ? name.slice(1).replace('/', '__') : name
  for (const folder of [join(modulesFolder, '@types', mangled), join(modulesFolder, name)]) {
    if (existsSync(join(folder, 'package.json'))) return folder
  }
  return null
}

function packageEntry(folder: string): string | null {
  const manifest = readManifest(folder)
  const entry = manifest?.types ?? manifest?.typings ?? 'index.d.ts'
  return declarationFile(resolve(folder, entry))
}

function bareName(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

/**
 * Every declaration file that one package's types reach, with a small `package.json` per package so that the
 * TypeScript service finds the entry. What `known` already holds is left out.
 *
 * @param modulesFolder absolute path of `node_modules`.
 * @throws when the package is not installed or declares no types.
 */
export function collectTypes(
  modulesFolder: string,
  name: string,
  known: TypeFiles = {},
): TypeFiles {
  const files: TypeFiles = {}
  const virtualPath = (path: string): string => `node_modules/${relative(modulesFolder, path)}`

  const addPackage = (packageName: string): boolean => {
    const folder = packageFolder(modulesFolder, packageName)
    const entry = folder === null ? null : packageEntry(folder)
    if (folder === null || entry === null) return false
    const manifestPath = virtualPath(join(folder, 'package.json'))
    if (manifestPath in files || manifestPath in known) return true
    const manifest = readManifest(folder)
    const types = `./${relative(folder, entry)}`
    files[manifestPath] = JSON.stringify({
      name: manifest?.name,
      version: manifest?.version,
      types,
    })
    addFile(entry)
    return true
  }

  const addFile = (path: string): void => {
    const key = virtualPath(path)
    if (key in files || key in known) return
    const text = readFileSync(path, 'utf8')
    files[key] = text
    for (const reference of matches(text, referencePathPattern)) {
      const target = declarationFile(resolve(dirname(path), reference))
      if (target !== null) addFile(target)
    }
    for (const specifier of specifierPatterns.flatMap((pattern) => matches(text, pattern))) {
      addSpecifier(path, specifier)
    }
  }

  const addSpecifier = (from: string, specifier: string): void => {
    if (specifier.startsWith('.')) {
      const target = declarationFile(resolve(dirname(from), specifier))
      if (target !== null) addFile(target)
      return
    }
    if (specifier.startsWith('node:')) return
    const packageName = bareName(specifier)
    addPackage(packageName)
    const folder = packageFolder(modulesFolder, packageName)
    if (folder === null || packageName === specifier) return
    const deep = declarationFile(resolve(folder, specifier.slice(packageName.length + 1)))
    if (deep !== null) addFile(deep)
  }

  if (!addPackage(name)) throw new Error(`expected type declarations for "${name}", found none`)
  return files
}
