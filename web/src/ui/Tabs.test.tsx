// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { Tabs } from './Tabs.tsx'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const items = ['one', 'two', 'three'].map((id) => ({ id, label: id, content: id }))
const page = (selected: string) => (
  <Tabs label="Parts" items={items} selected={selected} onSelect={() => {}} />
)

/** A row 150 px wide with tabs of 100 px each; it scrolls. */
function layOut(): void {
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (this: Element) {
    if (this.getAttribute('role') !== 'tab') return new DOMRect(0, 0, 150, 30)
    const row = this.closest('[role=tablist]')
    const index = items.findIndex(({ id }) => id === this.textContent)
    return new DOMRect(index * 100 - (row?.scrollLeft ?? 0), 0, 100, 30)
  })
}

it('shows the selected tab of a row that is wider than the window', () => {
  layOut()
  const { rerender } = render(page('three'))
  const row = screen.getByRole('tablist')
  expect(row.scrollLeft).toBe(150)
  rerender(page('one'))
  expect(row.scrollLeft).toBe(0)
})
