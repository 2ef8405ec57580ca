// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeItem } from '../../../testing/fixtures.ts'
import { renderPage } from '../../../testing/render-page.tsx'
import { makeWorkspace } from '../../../testing/workspace.ts'
import { FilePanel } from './FilePanel.tsx'

afterEach(cleanup)

function open(activeId: string | null = 'src/app.js') {
  const { files } = makeWorkspace()
  const onOpen = vi.fn()
  const onRenamed = vi.fn()
  const page = renderPage(
    <FilePanel
      item={makeItem()}
      files={files}
      activeId={activeId}
      onOpen={onOpen}
      onRenamed={onRenamed}
    />,
  )
  return { files, onOpen, onRenamed, ...page }
}

async function choose(page: ReturnType<typeof open>, action: string): Promise<void> {
  await page.user.click(screen.getByRole('button', { name: 'Actions for the open file' }))
  await page.user.click(screen.getByRole('menuitem', { name: action }))
}

describe('FilePanel', () => {
  it('lists the project and the sample cases, and names read-only files so', () => {
    open()
    const project = within(screen.getByRole('treegrid', { name: 'Project files' }))
    expect(project.getByRole('row', { name: 'package.json, read-only' })).toBeDefined()
    expect(project.getByRole('row', { name: 'app.js' })).toBeDefined()
    const samples = within(screen.getByRole('treegrid', { name: 'Sample cases, read-only' }))
    expect(samples.getByRole('row', { name: 'signup.test.ts, read-only' })).toBeDefined()
  })

  it('opens a file on a click and with the keyboard', async () => {
    const page = open()
    await page.user.click(screen.getByRole('row', { name: 'app.js' }))
    expect(page.onOpen).toHaveBeenLastCalledWith('src/app.js')
    await page.user.keyboard('{ArrowDown}{Enter}')
    expect(page.onOpen).toHaveBeenLastCalledWith('src/server.js')
  })

  it('makes a new file in the document and opens it', async () => {
    const page = open()
    await page.user.click(screen.getByRole('button', { name: 'New file' }))
    await page.user.type(screen.getByRole('textbox', { name: 'Path in the project' }), 'src/new.js')
    await page.user.click(screen.getByRole('button', { name: 'Create' }))
    expect(page.files.paths.get()).toContain('src/new.js')
    expect(page.onOpen).toHaveBeenLastCalledWith('src/new.js')
  })

  it('says why a name cannot be used', async () => {
    const page = open()
    await page.user.click(screen.getByRole('button', { name: 'New file' }))
    await page.user.type(screen.getByRole('textbox', { name: 'Path in the project' }), '../x.js')
    expect(screen.getByText(/no empty, \. or \.\. parts/)).toBeDefined()
    expect(screen.getByRole('button', { name: 'Create' }).hasAttribute('disabled')).toBe(true)
  })

  it('renames the open file with its text', async () => {
    const page = open()
    const text = page.files.read('src/app.js')
    await choose(page, 'Rename…')
    const field = screen.getByRole('textbox', { name: 'Path in the project' })
    await page.user.clear(field)
    await page.user.type(field, 'src/main.js{Enter}')
    expect(page.files.read('src/main.js')).toBe(text)
    expect(page.files.paths.get()).not.toContain('src/app.js')
    expect(page.onRenamed).toHaveBeenCalledWith('src/app.js', 'src/main.js')
  })

  it('deletes only after it was confirmed', async () => {
    const page = open()
    await choose(page, 'Delete…')
    await page.user.click(screen.getByRole('button', { name: 'Keep it' }))
    expect(page.files.paths.get()).toContain('src/app.js')
    await choose(page, 'Delete…')
    await page.user.click(screen.getByRole('button', { name: 'Delete the file' }))
    expect(page.files.paths.get()).not.toContain('src/app.js')
  })

  it('offers neither for a read-only file', async () => {
    const page = open('package.json')
    await page.user.click(screen.getByRole('button', { name: 'Actions for the open file' }))
    for (const name of ['Rename…', 'Delete…']) {
      const item = screen.getByRole('menuitem', { name })
      expect(item.getAttribute('aria-disabled')).toBe('true')
    }
  })
})
