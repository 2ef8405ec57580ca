import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sandboxRoot = fileURLToPath(new URL('..', import.meta.url))
const lockfile = fileURLToPath(new URL('../../package-lock.json', import.meta.url))
const require = createRequire(import.meta.url)

/** What stays a file of its own: it loads a native addon from beside itself. */
const nativePackage = 'isolated-vm'

/** Its path is no part of the bundle: the same sources are the same runtime, wherever they are installed. */
const nativePackageModule = `import { createRequire } from 'node:module'
const path = process.argv.at(-1)
export default createRequire(path)(path)
`

export interface HostBundleOptions {
  /** Where it goes: `<folder>/<name>-<hash>.mjs`. */
  folder: string
  name: string
  /** The module a process starts with. */
  entry: string
  /** Folders outside `sandbox/` that the entry imports from. */
  sources?: string[]
}

/** The last argument of every process that runs a host bundle: where the native package is. */
export const nativePackagePath = (): string => require.resolve(nativePackage)

/**
 * Bundles the main module of a process with all it imports into one file, cached by content. Reading and stripping 130
 * sources took most of the time between the start of a guest and the first line of its program, and a process that reads
 * one file needs no right to read our sources.
 * @returns the bundle's path; run it with `nativePackagePath()` as its last argument
 */
export async function buildHostBundle(options: HostBundleOptions): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(lockfile))
  for (const root of [sandboxRoot, ...(options.sources ?? [])]) {
    for (const file of sourcesBelow(root)) hash.update(file).update(readFileSync(join(root, file)))
  }
  const path = join(options.folder, `${options.name}-${hash.digest('hex').slice(0, 16)}.mjs`)
  if (existsSync(path)) return path
  const { build } = await import('esbuild')
  mkdirSync(options.folder, { recursive: true })
  const result = await build({
    entryPoints: [options.entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    legalComments: 'none',
    logLevel: 'error',
    plugins: [
      {
        name: 'native package by its path',
        setup({ onResolve, onLoad }) {
          const namespace = 'native'
          onResolve({ filter: new RegExp(`^${nativePackage}$`) }, ({ path }) => ({
            path,
            namespace,
          }))
          onLoad({ filter: /./, namespace }, () => ({ contents: nativePackageModule }))
        },
      },
    ],
  })
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, result.outputFiles[0]?.text ?? '')
  renameSync(temporary, path)
  return path
}

function sourcesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => !name.startsWith('test/') && !name.startsWith('test\\'))
    .sort()
}

/** Folders of the package that stays outside the bundles and of what it loads its addon with; who runs one reads them. */
export function nativePackageFolders(): string[] {
  const path = nativePackagePath()
  return [path, createRequire(path).resolve('node-gyp-build')].map((main) => dirname(main))
}
