import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRunEngine } from '../grading/run-engine.ts'
import { loadPack } from '../packs/load-pack.ts'
import { type GateResult, verifyChallenge } from '../verify/gates.ts'
import { loadGrader } from '../verify/load-grader.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
export const usage = `usage: assay verify [slug] [--json] [--pack DIR] [--hardened]

  Checks one challenge, or every challenge of the pack, and its grader.

  --json        print the gates as JSON
  --pack DIR    pack that is checked (default: the one of this checkout)
  --hardened    every layer this machine has around the program, and nothing of it compiled to machine code; slower
`

/**
 * Runs every gate over one challenge or a whole pack and prints a table per challenge.
 * @returns 0 when every gate passed, 1 when one did not, 2 for wrong usage
 */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      pack: { type: 'string', default: projectRoot },
      hardened: { type: 'boolean', default: false },
    },
  })
  if (positionals.length > 1) {
    process.stderr.write(`assay verify: expected at most one challenge\n${usage}`)
    return 2
  }
  const packRoot = resolve(values.pack)
  const pack = loadPack(packRoot)
  const [slug] = positionals
  const chosen = pack.challenges.filter(
    (challenge) => slug === undefined || challenge.slug === slug,
  )
  if (chosen.length === 0) {
    const names = pack.challenges.map((challenge) => challenge.slug).join(', ')
    process.stderr.write(`assay verify: expected one of ${names}, got ${slug}\n`)
    return 2
  }
  const engine = await createRunEngine({
    poolSize: 2,
    cacheDir: join(projectRoot, '.cache', 'sandbox'),
    isRehearsing: false,
    ...(values.hardened && { isHardened: true, layers: { required: [], cgroupRoot: null } }),
    log: (message) => process.stderr.write(`${message}\n`),
  })
  const report: { slug: string; seconds: number; gates: GateResult[] }[] = []
  try {
    for (const challenge of chosen) {
      const startedAt = performance.now()
      const gates = await verifyChallenge({
        engine,
        packRoot,
        challenge,
        grader: loadGrader(packRoot, challenge.slug),
      })
      const entry = { slug: challenge.slug, seconds: (performance.now() - startedAt) / 1000, gates }
      report.push(entry)
      if (!values.json) process.stdout.write(formatGates(entry))
    }
  } finally {
    await engine.close()
  }
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  return report.every(({ gates }) => gates.every((gate) => gate.isPassed)) ? 0 : 1
}

function formatGates({
  slug,
  seconds,
  gates,
}: {
  slug: string
  seconds: number
  gates: GateResult[]
}): string {
  const lines = gates.map(
    ({ gate, isPassed, detail }) =>
      `  ${isPassed ? '✓' : '✗'} ${gate}${detail === '' ? '' : `: ${detail}`}`,
  )
  const passed = gates.filter((gate) => gate.isPassed).length
  return `${slug}: ${passed} of ${gates.length} gates, ${seconds.toFixed(1)} s\n${lines.join('\n')}\n\n`
}
