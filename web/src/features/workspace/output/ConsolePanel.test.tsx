// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { createConsoleStore } from '../../../live/console-store.ts'
import { makeWorkspace } from '../../../testing/workspace.ts'
import { ConsolePanel } from './ConsolePanel.tsx'

afterEach(cleanup)

const open = () => ({ ...makeWorkspace(), console: createConsoleStore((flush) => flush()) })

describe('ConsolePanel', () => {
  it('shows output as it streams, and can be cleared', async () => {
    const workspace = open()
    const store = workspace.console
    render(<ConsolePanel workspace={workspace} />)
    const log = screen.getByRole('log', { name: 'Console output' })
    expect(log.textContent).toContain('appears here')
    act(() => store.append('run', 'stdout', 'listening\n'))
    act(() => store.append('run', 'stderr', 'warning\n'))
    expect(log.textContent).toBe('listening\nwarning\n')
    await userEvent.setup().click(screen.getByRole('button', { name: 'Clear' }))
    expect(log.textContent).not.toContain('listening')
  })

  it('never treats output as markup', () => {
    const workspace = open()
    const store = workspace.console
    const { container } = render(<ConsolePanel workspace={workspace} />)
    act(() => store.append('run', 'stdout', '<img src=x onerror=alert(1)>'))
    expect(container.querySelector('img')).toBeNull()
    expect(screen.getByRole('log').textContent).toContain('<img')
  })

  it('does not ask to run a program that runs and has printed nothing', () => {
    const workspace = open()
    render(<ConsolePanel workspace={workspace} />)
    const log = screen.getByRole('log')
    expect(log.textContent).toContain('Run it to start')
    act(() => workspace.program.set({ runId: 'run', state: { kind: 'running', ports: [3000] } }))
    expect(log.textContent).toContain('Your program is running')
    expect(log.textContent).not.toContain('Run it')
  })
})
