import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as candidate from './candidate.ts'
import { tabTo } from './keyboard.ts'
import { type Product, startProduct } from './product.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterEach(({ task }) => product.keepEvidence(task))
afterAll(() => product?.close())

test('the keyboard alone leads from the link to a running program', async () => {
  const { link } = await product.invite('Keyboard Candidate')
  const page = await product.openPage()
  await page.goto(link)
  await page.getByRole('button', { name: /^Start the/ }).waitFor()
  await tabTo(page, /I have read what is recorded/)
  await page.keyboard.press('Space')
  await tabTo(page, /^Start the/)
  await page.keyboard.press('Enter')
  await candidate.timer(page).waitFor()

  await tabTo(page, /Middleware pipeline from scratch$/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Middleware pipeline from scratch' }).first().waitFor()
  await candidate.shownText(page, 'createApp').waitFor()
  await tabTo(page, /^Code editor/)
  await page.keyboard.press('ControlOrMeta+Home')
  await page.keyboard.type("console.log('typed by hand')")
  await page.keyboard.press('Enter')
  // The editor lets go of the keyboard, and the run bar comes after it.
  await tabTo(page, /^Run$/)
  await page.keyboard.press('Enter')
  await page.getByRole('log', { name: 'Console output' }).getByText('typed by hand').waitFor()
  await page.getByText('Listening on port 3000').waitFor()
})

const pageOverflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

describe.each([
  ['a phone 390 pixels wide', { viewport: { width: 390, height: 844 } }],
  ['a laptop at 200 % zoom', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
])('on %s', (name, options) => {
  test('no page scrolls sideways', async () => {
    const { link } = await product.invite(name)
    const page = await product.openPage(options)
    await page.goto(link)
    await page.getByRole('button', { name: /^Start the/ }).waitFor()
    expect(await pageOverflow(page)).toBe(0)
    await candidate.startWork(page)
    for (const tab of ['Statement', 'Files', 'Code', 'Output']) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      expect({ tab, overflow: await pageOverflow(page) }).toEqual({ tab, overflow: 0 })
    }
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('log', { name: 'Console output' }).waitFor()
    expect(await pageOverflow(page)).toBe(0)
  })
})
