import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Limits } from '../../../../contract/pack.ts'
import type { FileTree } from '../../engine.ts'
import { makeFaultsPack } from '../faults-pack.ts'
import type { CaseKit, Trial } from './attack.ts'
import type { PlantedBait } from './bait.ts'
import { honestProgram } from './programs.ts'

/** One case of a generated suite. */
export interface BatchCase {
  /** Its title: unique in the batch. */
  title: string
  files: FileTree
  check: (kit: CaseKit) => Promise<void>
}

export type BatchTrial = Extract<Trial, { kind: 'look' | 'case' }>

export function caseOf(title: string, trial: BatchTrial, bait: PlantedBait): BatchCase {
  if (trial.kind === 'look') {
    return { title, files: { 'look.mjs': `${trial.text(bait)}process.exit(0)\n` }, check: looked }
  }
  const files = typeof trial.files === 'function' ? trial.files(bait) : trial.files
  return { title, files, check: trial.check }
}

/** Ran to its end, and nothing that was planted is in what it printed: the judge reads all of it. */
const looked = async ({ candidate, files, expect }: CaseKit) => {
  const { stdout, stderr, code } = await candidate.run('look.mjs', { files })
  expect(`${stdout}${stderr}`.match(/canary-[0-9a-f]{16}|ESCAPED.*/g) ?? []).toEqual([])
  if (stdout.endsWith('looked\n')) return
  throw new Error(
    `it ended with ${code} before its last line: ${stdout.slice(-600)}${stderr.slice(-600)}`,
  )
}

/**
 * A pack whose hidden suite has one test for each case. Every program of it boots in an isolate of its own, in the one
 * guest process of the run.
 */
export function makeBatchPack(
  cases: readonly BatchCase[],
  { limits, bait }: { limits: Partial<Limits>; bait: PlantedBait },
): string {
  const root = makeFaultsPack(limits)
  writeFileSync(join(root, 'graders/hello/suite/hello.test.ts'), suiteOf(cases, bait.suiteSecret))
  return root
}

const suiteOf = (cases: readonly BatchCase[], secret: string) => `// @ts-nocheck
import * as kit from 'assay'
import request from 'supertest'
import { expect, test } from 'vitest'

globalThis.hiddenInput = ${JSON.stringify(secret)}
const honestFiles = ${JSON.stringify({ 'server.js': honestProgram })}
const patience = { response: 3000, deadline: 5000 }
const four = [
  async (url) => {
    const { status, body } = await request(url).get('/').timeout(patience)
    expect(status).toBe(200)
    expect(body).toEqual({ says: 'hello' })
  },
  async (url) => {
    const { body } = await request(url).get('/names/ada').timeout(patience)
    expect(body).toEqual({ says: 'hello ada' })
  },
  async (url) => {
    const { status, body } = await request(url).post('/greetings').send({ to: 'ada' }).timeout(patience)
    expect(status).toBe(201)
    expect(body).toEqual({ to: 'ada' })
  },
  async (url) => {
    await request(url).get('/elsewhere').timeout(patience).expect(404)
  },
]
async function askFour(url) {
  const answers = []
  for (const ask of four) {
    answers.push(await ask(url).then(() => 'passed', (error) => String(error?.message).slice(0, 300)))
  }
  return answers
}
/** One program at a time: a batch would hold too many isolates otherwise. */
let started = false
async function startOne(files, options = {}) {
  if (started) kit.candidate.signal('SIGKILL')
  started = false
  const app = await kit.candidate.start({ ...options, files: { ...files, ...options.files }, fresh: true })
  started = true
  return app
}
const judge = (title, files, check) => test(title, async () => {
  const own = {
    ...kit, request, expect, askFour, files,
    start: (options) => startOne(files, options),
    startHonest: () => startOne(honestFiles),
  }
  await check(own)
})

kit.requirement('R1', () => {
${cases.map(({ title, files, check }) => `judge(${JSON.stringify(title)}, ${JSON.stringify(files)}, ${check.toString()})`).join('\n')}
})
`
