import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ChallengeManifest, WrongManifest } from '../contract/pack.ts'

const repoRoot = fileURLToPath(new URL('..', import.meta.url))
const vitest = join(repoRoot, 'node_modules/vitest/vitest.mjs')

/** Each wrong solution boots its own Vitest; two cores are the norm. */
const timeoutMs = 300_000

interface Case {
  requirementId: string
  title: string
  passed: boolean
}

/** Runs a suite natively, in a process of its own, against folders laid over each other. */
async function runSuite(slug: string, layers: string[]): Promise<Case[]> {
  const report = await mkdtemp(join(tmpdir(), 'agreement-'))
  const file = join(report, 'report.json')
  try {
    // One process with a context per file starts in two thirds of the time of a process per file.
    const args = [
      'run',
      '-c',
      'vitest.native.config.ts',
      '--pool=vmThreads',
      `graders/${slug}/suite`,
    ]
    const child = spawn(
      process.execPath,
      [vitest, ...args, '--reporter=json', `--outputFile=${file}`],
      {
        cwd: repoRoot,
        env: { ...process.env, ASSAY_NATIVE_DIR: layers.join(delimiter) },
        stdio: 'ignore',
      },
    )
    await new Promise((resolve) => child.once('close', resolve))
    return readCases(JSON.parse(await readFile(file, 'utf8')))
  } finally {
    await rm(report, { recursive: true, force: true })
  }
}

function readCases(report: {
  testResults: {
    message: string
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[]
  }[]
}): Case[] {
  return report.testResults.flatMap(({ message, assertionResults }) => {
    if (assertionResults.length === 0) throw new Error(`A suite file did not load: ${message}`)
    return assertionResults.map(({ ancestorTitles: [requirementId = ''], title, status }) => ({
      requirementId,
      title,
      passed: status === 'passed',
    }))
  })
}

const met = (cases: Case[], id: string) =>
  cases.every((one) => one.requirementId !== id || one.passed)

const readYaml = async <Shape>(...path: string[]): Promise<Shape> =>
  parse(await readFile(join(repoRoot, ...path), 'utf8')) as Shape

const folders = async (...path: string[]) => {
  const entries = await readdir(join(repoRoot, ...path), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

const slugs = await folders('graders')

describe.each(slugs)('%s', async (slug) => {
  const starter = join(repoRoot, 'challenges', slug, 'starter')
  const solution = join(repoRoot, 'graders', slug, 'solution')
  const manifest = await readYaml<ChallengeManifest>('challenges', slug, 'challenge.yaml')
  const ids = manifest.requirements.map(({ id }) => id)
  const names = await folders('graders', slug, 'wrong')
  const killed = new Set<string>()

  test('the reference solution meets every requirement', { timeout: timeoutMs }, async () => {
    const cases = await runSuite(slug, [starter, solution])
    expect(cases.filter((one) => !one.passed)).toEqual([])
    expect(cases.length).toBeGreaterThanOrEqual(12)
    expect(new Set(cases.map(({ requirementId }) => requirementId))).toEqual(new Set(ids))
  })

  test.concurrent.each(names)(
    'wrong solution %s is caught where it says',
    { timeout: timeoutMs },
    async (name) => {
      const folder = join(repoRoot, 'graders', slug, 'wrong', name)
      const { base, fails, passes } = await readYaml<WrongManifest>(
        'graders',
        slug,
        'wrong',
        name,
        'wrong.yaml',
      )
      const layers = base === 'starter' ? [starter, folder] : [starter, solution, folder]
      const cases = await runSuite(slug, layers)
      for (const one of cases) if (!one.passed) killed.add(one.title)
      expect(ids.filter((id) => !met(cases, id))).toEqual(fails)
      expect(passes.filter((id) => !met(cases, id))).toEqual([])
    },
  )

  test('the starter scores below 100 and no case is dead', { timeout: timeoutMs }, async () => {
    const cases = await runSuite(slug, [starter])
    expect(ids.every((id) => met(cases, id))).toBe(false)
    expect(cases.map(({ title }) => title).filter((title) => !killed.has(title))).toEqual([])
  })
})
