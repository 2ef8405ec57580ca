// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { createConsoleStore } from '../../../live/console-store.ts'
import { ConsolePanel } from './ConsolePanel.tsx'

afterEach(cleanup)

describe('ConsolePanel', () => {
  it('shows output as it streams, and can be cleared', async () => {
    const store = createConsoleStore((flush) => flush())
    render(<ConsolePanel store={store} />)
    const log = screen.getByRole('log', { name: 'Console output' })
    expect(log.textContent).toContain('appears here')
    act(() => store.append('run', 'stdout', 'listening\n'))
    act(() => store.append('run', 'stderr', 'warning\n'))
    expect(log.textContent).toBe('listening\nwarning\n')
    await userEvent.setup().click(screen.getByRole('button', { name: 'Clear' }))
    expect(log.textContent).not.toContain('listening')
  })

  it('never treats output as markup', () => {
    const store = createConsoleStore((flush) => flush())
    const { container } = render(<ConsolePanel store={store} />)
    act(() => store.append('run', 'stdout', '<img src=x onerror=alert(1)>'))
    expect(container.querySelector('img')).toBeNull()
    expect(screen.getByRole('log').textContent).toContain('<img')
  })
})
