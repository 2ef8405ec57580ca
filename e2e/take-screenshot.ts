import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as candidate from './candidate.ts'
import { startProduct } from './product.ts'

/**
 * Takes `docs/screenshot.png` from the running product: a workspace with a program that runs and sample cases that
 * passed, 1440 by 900, light. Run it with the pinned Node: `node_modules/.bin/node e2e/take-screenshot.ts`.
 */

const root = join(import.meta.dirname, '..')
const solution = (name: string) =>
  readFileSync(join(root, 'graders/middleware-pipeline/solution', name), 'utf8')

const product = await startProduct()
try {
  const page = await product.openPage({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.goto(product.candidateLink)
  await candidate.startWork(page)
  await candidate.openChallenge(page, 'Middleware pipeline from scratch')
  await candidate.createFile(page, 'match.js')
  await candidate.pasteText(page, solution('match.js'))
  await candidate.openFile(page, 'pipeline.js')
  await candidate.pasteText(page, solution('pipeline.js'))
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByText('Listening on port 3000').waitFor()
  await page.getByRole('button', { name: 'Run sample cases' }).click()
  await page.getByText('5 of 5 sample cases passed').waitFor()
  await page.locator('summary', { hasText: 'inside a mount' }).click()
  await candidate.shownText(page, 'function sendError').click()
  await page.keyboard.press('ControlOrMeta+Home')
  await candidate.shownText(page, 'import { STATUS_CODES }').waitFor()
  await page.mouse.move(720, 890)
  await page.screenshot({ path: join(root, 'docs/screenshot.png') })
} finally {
  await product.close()
}
