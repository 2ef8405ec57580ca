import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeResult } from '../server/testing/fake-engine.ts'
import { launchBrowser } from './browser.ts'
import { openContext, startPageWorld, startWork } from './page-world.ts'

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

interface AxeApi {
  run(
    context: Document,
    options: { runOnly: string[] },
  ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

/** What axe finds against WCAG 2.2 AA, one line per element. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as { axe: AxeApi }
    const result = await axe.run(document, { runOnly })
    return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  }, tags)
}

const failed = makeResult({
  verdict: 'rejected',
  sentence: 'No requirement is met.',
  cases: makeResult().cases.map((one) => ({
    ...one,
    status: 'failed',
    failure: {
      message: 'expected 200, got 500',
      expected: '{\n "a": 1\n}',
      received: '{\n "a": 2\n}',
    },
    log: 'listening\n',
  })),
})

describe.each(['light', 'dark'] as const)('pages in the %s theme', (colorScheme) => {
  it('pass WCAG 2.2 AA for the candidate', async () => {
    const world = await startPageWorld()
    world.engine.onGrade = () => failed
    const { context } = await openContext(browser, { colorScheme })
    const page = await context.newPage()
    await page.goto(world.candidateLink)
    await page.getByRole('button', { name: /^Start the/ }).waitFor()
    expect(await violations(page)).toEqual([])

    await startWork(page, world.candidateLink)
    expect(await violations(page)).toEqual([])

    await page.keyboard.press('Control+Enter')
    await page.getByText('Listening on port 3000').waitFor()
    await page.getByRole('tab', { name: 'HTTP' }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('200 OK').waitFor()
    await page.getByRole('button', { name: 'Add header' }).click()
    expect(await violations(page)).toEqual([])

    await page.keyboard.press('Control+Shift+Enter')
    await page.getByText('of 1 sample case passed').waitFor()
    expect(await violations(page)).toEqual([])

    await page.getByRole('button', { name: 'Submit…' }).click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Submit for good' }).click()
    await page.getByRole('heading', { name: 'Your work is submitted' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('pass WCAG 2.2 AA for the reviewer', async () => {
    const world = await startPageWorld()
    world.engine.onGrade = () => failed
    const { context } = await openContext(browser, { colorScheme })
    const candidate = await context.newPage()
    await startWork(candidate, world.candidateLink)
    await candidate.getByRole('button', { name: 'Submit…' }).click()
    await candidate.getByRole('button', { name: 'Submit for good' }).click()

    const page = await context.newPage()
    await page.goto(`${world.origin}/staff`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await violations(page)).toEqual([])

    await page.goto(world.staffLink)
    await page.getByText('Graded').waitFor()
    expect(await violations(page)).toEqual([])

    await page.getByRole('button', { name: 'Invite a candidate' }).click()
    await page.getByRole('textbox', { name: /name/ }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('link', { name: 'Demo Candidate' }).click()
    await page.getByText('No requirement is met.').waitFor()
    expect(await violations(page)).toEqual([])
    for (const tab of ['All files', /^Runs/, 'History']) {
      await page.getByRole('tab', { name: tab }).click()
      expect(await violations(page)).toEqual([])
    }
  })
})

describe('narrow pages', () => {
  it.each([
    ['a phone', 390, 844],
    ['200 % zoom on a laptop', 720, 450],
  ])('never scroll sideways on %s', async (_name, width, height) => {
    const world = await startPageWorld()
    const { context } = await openContext(browser, { viewport: { width, height } })
    const page = await context.newPage()
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    await page.goto(world.candidateLink)
    await page.getByRole('button', { name: /^Start the/ }).waitFor()
    expect(await overflow()).toBe(0)
    await page.getByText('I have read what is recorded').click()
    await page.getByRole('button', { name: /^Start the/ }).click()
    for (const tab of ['Statement', 'Files', 'Code', 'Output']) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      expect(await overflow()).toBe(0)
    }
    await page.goto(world.staffLink)
    await page.getByRole('link', { name: 'Demo Candidate' }).waitFor()
    expect(await overflow()).toBe(0)
    await page.getByRole('link', { name: 'Demo Candidate' }).click()
    await page.getByText('Score').waitFor()
    expect(await overflow()).toBe(0)
  })
})
