import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as candidate from './candidate.ts'
import { type Product, startProduct } from './product.ts'

const title = 'Middleware pipeline from scratch'
const solutionFile = (name: string) =>
  readFileSync(join(import.meta.dirname, '../graders/middleware-pipeline/solution', name), 'utf8')

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterEach(({ task }) => product.keepEvidence(task))
afterAll(() => product?.close())

describe('a candidate solves a challenge', () => {
  let page: Page
  let other: Page
  let leftMs: number

  test('after reading what is asked, how it is scored and what is recorded', async () => {
    page = await product.openPage()
    await page.goto(product.candidateLink)
    for (const heading of ['What is asked', 'How long', 'How it is scored', 'What is recorded']) {
      await page.getByRole('heading', { name: heading }).waitFor()
    }
    await page.getByRole('row', { name: new RegExp(title) }).waitFor()
    await candidate.startWork(page)
    await candidate.openChallenge(page, title)
  })

  test('by writing several files, running them and sending requests to them', async () => {
    await candidate.createFile(page, 'match.js')
    await candidate.pasteText(page, solutionFile('match.js'))
    await candidate.openFile(page, 'pipeline.js')
    await candidate.pasteText(page, solutionFile('pipeline.js'))

    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText('Listening on port 3000').waitFor()
    await page.getByRole('tab', { name: 'HTTP' }).click()
    await page.getByRole('textbox', { name: 'Path' }).fill('/hello')
    await page.getByRole('button', { name: 'Send' }).click()
    const response = page.getByRole('region', { name: 'Response' })
    await response.getByText('200 OK').waitFor()
    await response.getByText('"hello": "world"').waitFor()
    await page.getByRole('tab', { name: 'Console' }).click()
    await page.getByRole('log', { name: 'Console output' }).getByText('GET /hello').waitFor()
  })

  test('and sees the sample cases pass', async () => {
    await page.getByRole('button', { name: 'Run sample cases' }).click()
    await page.getByText('5 of 5 sample cases passed').waitFor()
  })

  test('with the same text and the same clock after a reload', async () => {
    const before = await candidate.timeLeftMs(page)
    await page.reload()
    await candidate.openFile(page, 'pipeline.js')
    await candidate.shownText(page, 'import { matchMount, matchRoute }').waitFor()
    leftMs = await candidate.timeLeftMs(page)
    expect(leftMs).toBeGreaterThan(0)
    expect(leftMs).toBeLessThanOrEqual(before)
  })

  test('and goes on in another browser by the same link', async () => {
    other = await product.openPage()
    await other.goto(product.candidateLink)
    await candidate.openChallenge(other, title)
    await candidate.openFile(other, 'match.js')
    await candidate.shownText(other, 'export function matchRoute').waitFor()
    expect(await candidate.timeLeftMs(other)).toBeGreaterThan(0)
    expect(await candidate.timeLeftMs(other)).toBeLessThanOrEqual(leftMs)
  })

  test('and submits for good, which every open browser is told', async () => {
    await other.getByRole('button', { name: 'Submit…' }).click()
    const dialog = other.getByRole('alertdialog')
    await dialog.getByText(title).waitFor()
    await dialog.getByRole('button', { name: 'Submit for good' }).click()
    for (const each of [other, page]) {
      await each.getByRole('heading', { name: 'Your work is submitted' }).waitFor()
      await each.getByText(/^[0-9a-f]{64}$/).waitFor()
    }
  })

  test('whose score, verdict and evidence the reviewer sees', async () => {
    const staff = await product.openPage()
    await staff.goto(product.staffLink)
    const row = staff.getByRole('row', { name: /Demo Candidate/ })
    await row.getByText('Graded', { exact: true }).waitFor()
    await row.getByRole('link', { name: 'Demo Candidate' }).click()
    await staff.getByText(/, by the candidate/).waitFor()
    await staff.getByRole('tab', { name: new RegExp(title) }).click()
    await staff.getByText('Every requirement is met.').waitFor()
    await staff.getByText('100 / 100 points').waitFor()
    const requirement = staff.locator('details', { hasText: 'R4' }).first()
    await requirement.locator('summary').first().click()
    await requirement.locator('summary', { hasText: 'Passed' }).first().click()
    await requirement.getByRole('article').first().getByText('404 Not Found').waitFor()

    await staff.getByRole('tab', { name: 'Changes to the starter' }).click()
    await staff.getByText('match.js').first().waitFor()
    await staff.getByRole('tab', { name: /^Runs/ }).click()
    await staff.getByText('Sample cases').first().waitFor()

    // What was not worked on was graded as well, and says why it scored little.
    await staff.getByRole('tab', { name: /Security headers/ }).click()
    await staff.getByRole('tab', { name: 'Result' }).click()
    await staff.locator('summary', { hasText: 'Failed' }).first().waitFor()
  })
})

describe('the deadline', () => {
  test('submits what was saved, without any browser', async () => {
    const { link, attemptId } = await product.invite('Late Candidate')
    const page = await product.openPage()
    await page.goto(link)
    await candidate.startWork(page)
    await candidate.openChallenge(page, title)
    await candidate.openFile(page, 'pipeline.js')
    await candidate.pasteText(page, 'const = nothing\n')
    await page.close()

    const { database, attempts, events } = product.services
    await database.write((tx) => attempts.updateAttempt(tx, attemptId, { baseMs: 1 }))
    events.emit('attemptChanged', { attemptId })

    const staff = await product.openStaffPage()
    const row = staff.getByRole('row', { name: /Late Candidate/ })
    await row.getByText('Graded', { exact: true }).waitFor()
    await row.getByRole('link', { name: 'Late Candidate' }).click()
    await staff.getByText(/, by the deadline/).waitFor()
    await staff.getByRole('tab', { name: new RegExp(title) }).click()
    await staff.getByText('The program does not parse, so it could not be started.').waitFor()
    await staff.getByText('SyntaxError').first().waitFor()

    const again = await page.context().newPage()
    await again.goto(link)
    await again.getByRole('heading', { name: 'Time is over, your work is submitted' }).waitFor()
    // In a browser that does not know it, the link shows the same receipt and opens nothing.
    const elsewhere = await product.openPage()
    await elsewhere.goto(link)
    await elsewhere.getByRole('heading', { name: 'Time is over, your work is submitted' }).waitFor()
    expect(await elsewhere.context().cookies()).toEqual([])
  })
})
