import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from './browser.ts'
import { openContext, shownText, startPageWorld, startWork, typeAtEnd } from './page-world.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

async function work() {
  const world = await startPageWorld()
  const { context, faults } = await openContext(browser)
  const page = await context.newPage()
  await startWork(page, world.candidateLink)
  return { world, context, faults, page }
}

const saved = (page: Page) => page.getByText(/^Saved \d\d:\d\d:\d\d$/).waitFor()

describe('the workspace in a browser', () => {
  it('keeps the secret out of the address, stays on its own origin and breaks no policy', async () => {
    const { page, faults, world } = await work()
    expect(page.url()).toMatch(/\/candidate\/work\//)
    await typeAtEnd(page, '\nprocess.nextT')
    // The types of Node come on their own time; until then there is nothing to suggest.
    const suggestion = page.locator('.suggest-widget').getByText('nextTick', { exact: true })
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Escape')
          await page.keyboard.press('Control+Space')
          return suggestion
            .first()
            .waitFor({ timeout: 5_000 })
            .then(
              () => true,
              () => false,
            )
        },
        { timeout: 120_000 },
      )
      .toBe(true)
    expect(faults).toEqual([])
    expect(page.url()).not.toContain(world.candidateLink.split('/').at(-1))
  })

  it('brings two tabs to the same text, also after both wrote offline', async () => {
    const { page, context } = await work()
    await typeAtEnd(page, '\n// first')
    await saved(page)
    const other = await context.newPage()
    await other.goto(page.url())
    await expect.poll(() => shownText(other), { timeout: 20_000 }).toContain('// first')

    await context.setOffline(true)
    await typeAtEnd(other, '\n// second')
    await typeAtEnd(page, '\n// third')
    await page.getByText('Offline – will merge when back').first().waitFor()
    await context.setOffline(false)
    await saved(page)
    await saved(other)
    await expect.poll(() => shownText(page), { timeout: 20_000 }).toContain('// second')
    await expect.poll(() => shownText(other), { timeout: 20_000 }).toContain('// third')
    expect(await shownText(other)).toBe(await shownText(page))
  })

  it('undoes this tab’s own edits only', async () => {
    const { page, context } = await work()
    const other = await context.newPage()
    await other.goto(page.url())
    await other.locator('.view-lines').first().waitFor()
    await typeAtEnd(page, '\n// mine')
    await expect.poll(() => shownText(other), { timeout: 20_000 }).toContain('// mine')
    await typeAtEnd(other, '\n// theirs')
    await expect.poll(() => shownText(page), { timeout: 20_000 }).toContain('// theirs')
    await page.bringToFront()
    await page.keyboard.press('ControlOrMeta+z')
    await expect.poll(() => shownText(page)).not.toContain('// mine')
    expect(await shownText(page)).toContain('// theirs')
  })

  it('shows the same text after a reload', async () => {
    const { page } = await work()
    await typeAtEnd(page, '\n// kept')
    await saved(page)
    await page.reload()
    await expect.poll(() => shownText(page), { timeout: 20_000 }).toContain('// kept')
  })

  it('gives up an edit the server refuses, says why, and saves what comes after', async () => {
    const { page } = await work()
    await page.locator('.view-lines').first().click()
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'x'.repeat(1_200_000))
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true })
      document.activeElement?.dispatchEvent(paste)
    })
    await page.getByText(/Your last change was not kept: .* is larger than/).waitFor()
    await expect
      .poll(() => shownText(page), { timeout: 20_000 })
      .toContain("console.log('starter')")
    await typeAtEnd(page, '\n// goes on')
    await saved(page)
  })

  it('lets the keyboard out of the editor', async () => {
    const { page } = await work()
    const isInEditor = () =>
      page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null)
    await typeAtEnd(page, '')
    await page.keyboard.press('Tab')
    expect(await isInEditor()).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await isInEditor()).toBe(false)
    await typeAtEnd(page, '')
    await page.keyboard.press('Control+m')
    await page.getByRole('button', { name: /Tab moves focus/, pressed: true }).waitFor()
    await page.keyboard.press('Tab')
    expect(await isInEditor()).toBe(false)
  })

  it('runs from the keyboard, knows the program after a reload, and stops it', async () => {
    const { page, world } = await work()
    await typeAtEnd(page, '\n// what runs')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Listening on port 3000').waitFor()
    expect(world.engine.previews[0]?.job.files['app.js']).toContain('// what runs')
    await page.getByRole('log').getByText('listening on 3000').waitFor()
    await page.reload()
    await page.getByText('Listening on port 3000').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('Stopped.').first().waitFor()
  })

  it('closes into the receipt when the work is submitted in another tab', async () => {
    const { page, context } = await work()
    const other = await context.newPage()
    await other.goto(page.url())
    await other.getByRole('button', { name: 'Submit…' }).click()
    await other.getByRole('button', { name: 'Submit for good' }).click()
    await other.getByRole('heading', { name: 'Your work is submitted' }).waitFor()
    await page.getByRole('heading', { name: 'Your work is submitted' }).waitFor()
  })
})
