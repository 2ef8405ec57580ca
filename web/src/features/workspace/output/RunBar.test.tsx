// @vitest-environment jsdom
import { act, cleanup, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeApi } from '../../../testing/fake-api.ts'
import { makeRun } from '../../../testing/fixtures.ts'
import { renderPage } from '../../../testing/render-page.tsx'
import { makeWorkspace } from '../../../testing/workspace.ts'
import { programLabel, RunBar } from './RunBar.tsx'
import { useProgramActions } from './use-program-actions.ts'

const runs = '/api/candidate/items/item-3/runs'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function Bar({ workspace }: { workspace: ReturnType<typeof makeWorkspace> }) {
  const actions = useProgramActions(workspace)
  return (
    <RunBar
      workspace={workspace}
      actions={actions}
      isSampleRunning={false}
      onRun={() => actions.run.mutate()}
      onRunSamples={() => actions.runSamples.mutate()}
    />
  )
}

function open() {
  const workspace = makeWorkspace()
  // Joined, with nothing waiting to be saved.
  workspace.sync.connectionOpened()
  const tried = makeRun({ id: 'try-1', kind: 'try', state: 'running', cases: [] })
  const api = fakeApi({
    [`POST ${runs}`]: { body: tried },
    [`DELETE ${runs}/current`]: { status: 204 },
  })
  return { workspace, api, ...renderPage(<Bar workspace={workspace} />) }
}

describe('programLabel', () => {
  it('says how the program is doing', () => {
    const runId = 'r'
    expect(programLabel(null).text).toBe('Not running')
    expect(programLabel({ runId, state: { kind: 'booting' } }).text).toBe('Starting…')
    expect(programLabel({ runId, state: { kind: 'running', ports: [3000, 3001] } }).text).toBe(
      'Listening on port 3000, 3001',
    )
    const sentence = 'The program ended with exit code 1.'
    expect(programLabel({ runId, state: { kind: 'ended', sentence, exitCode: 1 } }).text).toBe(
      sentence,
    )
  })
})

describe('RunBar', () => {
  it('runs, follows the program and stops it', async () => {
    const page = open()
    const workspace = page.workspace
    // The starter's files were made by this page and are not stored anywhere yet.
    vi.spyOn(workspace.sync, 'hasUnsaved').mockReturnValue(false)
    expect(screen.getByRole('button', { name: 'Stop' }).hasAttribute('disabled')).toBe(true)
    await page.user.click(screen.getByRole('button', { name: 'Run' }))
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Starting…'))
    act(() => workspace.program.set({ runId: 'try-1', state: { kind: 'running', ports: [3000] } }))
    expect(screen.getByRole('status').textContent).toContain('Listening on port 3000')
    await page.user.click(screen.getByRole('button', { name: 'Stop' }))
    await waitFor(() => expect(page.api.calls.at(-1)?.method).toBe('DELETE'))
    expect(page.api.calls[0]?.body).toEqual({ kind: 'try' })
  })

  it('says why a run was refused', async () => {
    const page = open()
    vi.spyOn(page.workspace.sync, 'hasUnsaved').mockReturnValue(false)
    const message = 'Expected at most 30 runs a minute.'
    page.api.set(`POST ${runs}`, { status: 429, body: { code: 'APP_ERR_TOO_MANY', message } })
    await page.user.click(screen.getByRole('button', { name: 'Run sample cases' }))
    expect(await screen.findByText(message)).toBeDefined()
  })
})
