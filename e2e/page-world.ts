import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { startServer } from '../server/start-server.ts'
import { createFakeEngine, type FakeEngine } from '../server/testing/fake-engine.ts'
import { makePack } from '../server/testing/make-pack.ts'

const webDir = join(import.meta.dirname, '..', 'dist', 'web')

export interface PageWorld {
  origin: string
  engine: FakeEngine
  candidateLink: string
  staffLink: string
}

/**
 * A real server with the built page, for tests of the page itself: a small pack, and the sandbox replaced at its one
 * door. Ends with the test.
 *
 * @throws when the page is not built.
 */
export async function startPageWorld(): Promise<PageWorld> {
  if (!existsSync(join(webDir, 'index.html'))) {
    throw new Error('expected the built page in dist/web, found none: run npm run build')
  }
  const folder = mkdtempSync(join(tmpdir(), 'assay-page-'))
  const packRoot = join(folder, 'pack')
  makePack(packRoot)
  const engine = createFakeEngine()
  const env = { PORT: '0', ASSAY_DATA: join(folder, 'data'), ASSAY_PACK: packRoot }
  const server = await startServer({
    env: { ...env, ASSAY_LOG: 'silent' },
    createEngine: async () => engine,
  })
  onTestFinished(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const { origin, seeded } = server
  return {
    origin,
    engine,
    candidateLink: `${origin}/i/${seeded.candidateToken}`,
    staffLink: `${origin}/staff/link/${seeded.staffToken}`,
  }
}

/** A browser context that ends with the test. `faults` collects what no page may do. */
export async function openContext(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<{ context: BrowserContext; faults: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    // Half-faded text is no text anybody reads, and no test should see it.
    reducedMotion: 'reduce',
    ...options,
  })
  onTestFinished(() => context.close())
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(`threw: ${error.error().message}`))
  context.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text())
  })
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    const isOwn = hostname === '127.0.0.1' || protocol === 'blob:' || protocol === 'data:'
    if (!isOwn) faults.push(`asked another origin: ${request.url()}`)
  })
  return { context, faults }
}

/** Opens the personal link, agrees and starts: the workspace with its editor. */
export async function startWork(page: Page, candidateLink: string): Promise<void> {
  await page.goto(candidateLink)
  await page.getByText('I have read what is recorded').click()
  await page.getByRole('button', { name: /^Start the/ }).click()
  await page.locator('.view-lines').first().waitFor()
}

/** Puts the cursor at the end of the shown file and types. */
export async function typeAtEnd(page: Page, text: string): Promise<void> {
  await page.locator('.view-lines').first().click()
  await page.keyboard.press('ControlOrMeta+End')
  await page.keyboard.type(text)
}

/** Lines of the shown file from top to bottom; Monaco keeps them in any order. */
export function shownText(page: Page): Promise<string> {
  return page
    .locator('.monaco-editor .view-lines')
    .first()
    .evaluate((lines) =>
      [...lines.children]
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((line) => line.textContent.replaceAll('\u00a0', ' '))
        .join('\n'),
    )
}
