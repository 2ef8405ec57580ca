import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadChallenge } from '../../packs/load-challenge.ts'
import type { RunEngine } from '../engine.ts'
import { createRunEngine } from '../run-engine.ts'

const packRoot = join(import.meta.dirname, 'fixtures/trace-pack')
const cacheDir = join(import.meta.dirname, '../../../.cache/sandbox')

let engine: RunEngine

beforeAll(async () => {
  engine = await createRunEngine({ poolSize: 1, cacheDir, log: () => {} })
})

afterAll(() => engine.close())

const grade = (change: (text: string) => string) => {
  const { starter } = loadChallenge(packRoot, 'layers')
  const files = { ...starter, 'server.js': change(starter['server.js'] ?? '') }
  return engine.grade({ runId: 'run', kind: 'grade', packRoot, slug: 'layers', files, seed: 1 })
}

test('a suite sees the layers, phases and longest turn of the program it judges', async () => {
  const result = await grade((text) => text)
  expect(result.cases.filter(({ status }) => status !== 'passed')).toEqual([])
  expect(result).toMatchObject({ verdict: 'accepted', score: { earned: 100 } })
})

test('a program with its layers in another order is told apart', async () => {
  const result = await grade((text) => text.replace('checkUser, answer', 'answer, checkUser'))
  expect(result.requirements.map(({ isMet }) => isMet)).toEqual([false, false, true, true])
})

test('a program that answers at once is told apart', async () => {
  const result = await grade((text) =>
    text.replace(/setTimeout\(.*\)\n/, 'res.json({ ok: true })\n'),
  )
  expect(result.requirements.map(({ isMet }) => isMet)).toEqual([true, true, false, true])
})

test('a program that keeps its loop busy is told apart', async () => {
  const work = 'let sum = 0; for (let i = 0; i < 3e8; i++) sum += i % 7; globalThis.sum = sum'
  const result = await grade((text) => text.replace('setTimeout(', `${work}\n  setTimeout(`))
  expect(result.requirements.map(({ isMet }) => isMet)).toEqual([true, true, true, false])
})
