import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from './browser.ts'
import { openContext, startPageWorld, startWork } from './page-world.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

const laptop = { width: 1280, height: 800 }
/** What a page sees of that laptop at 200 % zoom. */
const zoomed = { width: 640, height: 360 }
const phone = { width: 390, height: 844 }

async function work(viewport: { width: number; height: number }) {
  const world = await startPageWorld()
  const { context } = await openContext(browser, { viewport: laptop })
  const page = await context.newPage()
  await startWork(page, world.candidateLink)
  await page.setViewportSize(viewport)
  const tab = page.getByRole('tab', { name: 'Code', exact: true })
  if (viewport.width < laptop.width) await tab.click()
  return page
}

async function heightOf(page: Page, selector: string): Promise<number> {
  const box = await page.locator(selector).first().boundingBox()
  if (box === null) throw new Error(`expected ${selector} to be shown`)
  return box.height
}

describe('the workspace in a small window', () => {
  it('shows more than ten lines of code at 200 % zoom', async () => {
    const page = await work(zoomed)
    const lineHeight = await heightOf(page, '.view-line')
    await expect.poll(() => heightOf(page, '.monaco-editor')).toBeGreaterThan(10 * lineHeight)
  })

  it('keeps everything to run the program within reach at 200 % zoom', async () => {
    const page = await work(zoomed)
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('button', { name: 'Stop' }).click({ trial: true })
    await page.getByRole('button', { name: 'Run sample cases' }).click({ trial: true })
    await page.getByRole('button', { name: 'Submit…' }).click({ trial: true })
  })

  it.each([
    ['a laptop', laptop],
    ['200 % zoom', zoomed],
    ['a phone', phone],
  ])('keeps the editor options in one line on %s', async (_name, viewport) => {
    const page = await work(viewport)
    const options = page.getByRole('toolbar', { name: 'Editor options' })
    const tops = await options
      .getByRole('button')
      .evaluateAll((buttons) =>
        buttons.map((button) => Math.round(button.getBoundingClientRect().top)),
      )
    expect(tops.length).toBeGreaterThan(3)
    expect(new Set(tops).size).toBe(1)
    await options.getByRole('button', { name: 'Diff to starter' }).click({ trial: true })
  })

  it.each([
    ['200 % zoom', zoomed],
    ['a phone', phone],
  ])('says in full whether the work is saved on %s', async (_name, viewport) => {
    const page = await work(viewport)
    const shown = page.getByText('All changes saved', { exact: true }).first()
    expect(await shown.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true)
    await page.context().setOffline(true)
    const trouble = page.getByText(/^Offline/).first()
    await trouble.waitFor()
    expect(await trouble.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true)
  })

  it('shades the edge of a block of code behind which there is more', async () => {
    const page = await work(phone)
    await page.getByRole('tab', { name: 'Statement', exact: true }).click()
    const block = page.locator('pre').first()
    const { x, y, width } = (await block.boundingBox()) ?? { x: 0, y: 0, width: 0 }
    /** Of the padding above the text, so that only the shade can differ. */
    const edge = async (side: 'left' | 'right') => {
      const left = side === 'left' ? x + 2 : x + width - 8
      const clip = { x: left, y: y + 3, width: 6, height: 6 }
      return (await page.screenshot({ clip })).toString('base64')
    }
    const plain = await edge('left')
    const shaded = await edge('right')
    expect(shaded).not.toBe(plain)
    await block.evaluate((pre) => pre.scrollTo({ left: pre.scrollWidth }))
    expect(await edge('right')).toBe(plain)
    expect(await edge('left')).not.toBe(plain)
  })
})
