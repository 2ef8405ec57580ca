import type { Page } from 'playwright-core'

/** What a candidate does in the page, by the names that are on it. */

export const timer = (page: Page) => page.getByRole('timer', { name: 'Time left' })
const editorText = (page: Page) => page.locator('.monaco-editor .view-lines').first()
/** A line of the file that the editor shows; spaces there are no plain ones. */
export const shownText = (page: Page, text: string) =>
  editorText(page).getByText(new RegExp(text.replace(/[^\w\s]/g, '\\$&').replaceAll(' ', '\\s')))

/** From the welcome page: agrees and starts the clock; ends in the workspace. */
export async function startWork(page: Page): Promise<void> {
  await page.getByText('I have read what is recorded').click()
  await page.getByRole('button', { name: /^Start the/ }).click()
  await timer(page).waitFor()
}

export async function openChallenge(page: Page, title: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Challenges' })
    .getByRole('link', { name: title })
    .click()
  await page.getByRole('heading', { name: title }).first().waitFor()
}

/** Milliseconds left on the countdown. */
export async function timeLeftMs(page: Page): Promise<number> {
  const text = await timer(page).textContent()
  const [digits = ''] = text?.match(/\d+(:\d+)+/) ?? []
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1000
}

/** The name of a file over the editor, while the editor shows it. */
const shownTab = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Open files' })
    .locator('[aria-current=true]', { hasText: name })

/** Opens a file of the project in the editor. */
export async function openFile(page: Page, path: string): Promise<void> {
  await page
    .getByRole('treegrid', { name: 'Project files' })
    .getByText(path, { exact: true })
    .click()
  await shownTab(page, path).waitFor()
}

export async function createFile(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'New file' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(path)
  await dialog.getByRole('button', { name: 'Create' }).click()
  await shownTab(page, path).waitFor()
}

/** Replaces the text of the open file as people do: select all, paste. Resolves when the server has it. */
export async function pasteText(page: Page, text: string): Promise<void> {
  const saved = page.getByText(/^Saved|^All changes saved/)
  await editorText(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  await page.keyboard.press('ControlOrMeta+v')
  await saved.first().waitFor()
}
