import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { GradeResult } from '../../contract/verdict.ts'
import { createRunEngine } from '../grading/run-engine.ts'
import { readFileTree } from '../packs/file-tree.ts'
import { loadChallenge } from '../packs/load-challenge.ts'
import { formatVerdict } from './format-verdict.ts'

export const usage = `usage: assay grade <slug> <folder> [--json] [--sample] [--seed N] [--pack DIR] [--hardened]

  Grades the folder, laid over the challenge's starter, as a submission is graded.

  --json        print the verdict as JSON
  --sample      run the sample cases, which candidates see, instead of the hidden suite
  --seed N      seed of the random values that cases use (default 1)
  --pack DIR    pack that holds the challenge (default: the one of this checkout)
  --hardened    every layer this machine has around the program, and nothing of it compiled to machine code; slower
`
const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Grades a local folder, laid over the challenge's starter, exactly as a submission is graded, and prints the verdict.
 * @returns 0 accepted, 1 any other verdict, 2 wrong usage, 3 our own machinery failed
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      sample: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      pack: { type: 'string', default: projectRoot },
      hardened: { type: 'boolean', default: false },
    },
  })
  const [slug, folder, ...extra] = positionals
  const seed = Number(values.seed)
  if (slug === undefined || folder === undefined || extra.length > 0)
    return refuse(`expected a challenge and a folder\n${usage}`)
  if (!Number.isInteger(seed) || seed < 0)
    return refuse(`--seed: expected a whole number, got ${values.seed}\n${usage}`)
  const dir = resolve(folder)
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    return refuse(`expected a folder, got ${folder}\n`)
  const packRoot = resolve(values.pack)
  const slugs = slugsOf(packRoot)
  if (slugs.length > 0 && !slugs.includes(slug))
    return refuse(`expected one of ${slugs.join(', ')}, got ${slug}\n`)
  const challenge = loadChallenge(packRoot, slug)

  const engine = await createRunEngine({
    poolSize: 0,
    cacheDir: join(projectRoot, '.cache', 'sandbox'),
    isRehearsing: false,
    ...(values.hardened && { isHardened: true, layers: { required: [], cgroupRoot: null } }),
    log: (message) => process.stderr.write(`${message}\n`),
  })
  try {
    const result = await engine.grade({
      runId: 'local',
      kind: values.sample ? 'sample' : 'grade',
      packRoot,
      slug,
      files: { ...challenge.starter, ...readFileTree(dir) },
      seed,
    })
    process.stdout.write(
      values.json
        ? `${JSON.stringify(result, null, 2)}\n`
        : formatVerdict(challenge.manifest.title, result),
    )
    return exitCodeOf(result)
  } finally {
    await engine.close()
  }
}

const exitCodeOf = (result: GradeResult) => (result.verdict === 'accepted' ? 0 : 1)

/** Names of the folders; what is in them is for `loadChallenge` to judge. */
function slugsOf(packRoot: string): string[] {
  const folder = join(packRoot, 'challenges')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort()
}

function refuse(text: string): number {
  process.stderr.write(`assay grade: ${text}`)
  return 2
}
