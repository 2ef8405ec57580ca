import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildHostBundle } from '../../../sandbox/runtime/host-bundle.ts'

const isolateRoot = fileURLToPath(new URL('./isolate/', import.meta.url))
const kitRoot = fileURLToPath(new URL('../../../kit/', import.meta.url))
const lockfile = fileURLToPath(new URL('../../../package-lock.json', import.meta.url))

/** What a judge process is made of. */
export interface PreparedJudge {
  /** Main module of the process. */
  main: string
  /** What runs in its isolate. */
  bundle: string
}

/** Builds both halves of a judge. Quick when fresh. */
export async function prepareJudge(cacheDir: string): Promise<PreparedJudge> {
  const sources = ['../../grading/', '../../../contract/', '../../packs/'].map((folder) =>
    fileURLToPath(new URL(folder, import.meta.url)),
  )
  const entry = fileURLToPath(new URL('./main.ts', import.meta.url))
  return {
    main: await buildHostBundle({ folder: cacheDir, name: 'judge', entry, sources }),
    bundle: await buildJudgeBundle(cacheDir),
  }
}

/** Builds the judge's main program (Vitest's runner and expect, supertest, the kit) into one CommonJS file, cached by content. */
async function buildJudgeBundle(cacheDir: string): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(lockfile))
  for (const folder of [isolateRoot, kitRoot]) {
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .sort()) {
      hash.update(file).update(readFileSync(join(folder, file)))
    }
  }
  const path = join(cacheDir, `judge-${hash.digest('hex').slice(0, 16)}.cjs`)
  if (existsSync(path)) return path
  const { build } = await import('esbuild')
  mkdirSync(cacheDir, { recursive: true })
  const result = await build({
    entryPoints: [join(isolateRoot, 'main.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'error',
  })
  writeWhole(path, result.outputFiles[0]?.text ?? '')
  return path
}

/**
 * Bundles each `*.test.ts` of a suite folder into one CommonJS text; helpers beside it are taken in.
 * @returns file name (`signup.test.cjs`) to text
 * @throws esbuild's error text when a suite does not parse
 */
export async function bundleSuite(
  suiteDir: string,
  cacheDir: string,
): Promise<Record<string, string>> {
  const names = readdirSync(suiteDir)
    .filter((name) => /\.test\.[cm]?[jt]s$/.test(name))
    .sort()
  const hash = createHash('sha256')
  for (const file of readdirSync(suiteDir, { recursive: true, encoding: 'utf8' }).sort()) {
    hash.update(file)
    if (/\.[cm]?[jt]s(on)?$/.test(file)) hash.update(readFileSync(join(suiteDir, file)))
  }
  const path = join(cacheDir, `suite-${hash.digest('hex').slice(0, 24)}.json`)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>
  const { build } = await import('esbuild')
  mkdirSync(cacheDir, { recursive: true })
  const result = await build({
    entryPoints: names.map((name) => join(suiteDir, name)),
    bundle: true,
    write: false,
    outdir: '/suite',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    external: ['vitest', 'supertest', 'assay'],
    logLevel: 'silent',
  })
  const files: Record<string, string> = {}
  for (const output of result.outputFiles)
    files[output.path.split(/[\\/]/).at(-1) ?? ''] = output.text
  writeWhole(path, JSON.stringify(files))
  return files
}

function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, text)
  renameSync(temporary, path)
}
