import type { Page } from 'playwright-core'

/** More stops than any of our pages has. */
const maxStops = 120

/** What assistive technology would call the element that has the focus; roughly, from its own text and labels. */
const focusedName = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement) || element === document.body) return ''
    const ownLabel = element.getAttribute('aria-label')
    const label = element.closest('label')?.textContent
    return (ownLabel ?? label ?? element.textContent ?? '').trim()
  })

/** Presses Tab until something with this name has the focus. Leaves the editor by the keys that the page names. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = []
  for (let stop = 0; stop < maxStops; stop += 1) {
    const focused = await focusedName(page)
    if (name.test(focused)) return
    passed.push(focused.slice(0, 30))
    if (focused.startsWith('Code editor')) await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
  }
  throw new Error(`Expected Tab to reach ${name}, it passed ${passed.join(' | ')}`)
}
