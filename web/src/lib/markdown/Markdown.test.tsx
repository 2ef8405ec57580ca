// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { Markdown } from './Markdown.tsx'
import { safeHref } from './safe-href.ts'

afterEach(cleanup)

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'text <b onclick="alert(1)">bold</b>',
  '[click](javascript:alert(1))',
  '[click](  JaVaScRiPt:alert(1))',
  '[click](data:text/html,<script>alert(1)</script>)',
  '![x](https://evil.example/pixel.png)',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<svg/onload=alert(1)>',
  '```html\n<script>alert(1)</script>\n```',
  '| a |\n|---|\n| <img src=x onerror=alert(1)> |',
  '> <style>body{display:none}</style>',
  '[ref]\n\n[ref]: javascript:alert(1)',
  '<javascript:alert(1)>',
]

describe('Markdown', () => {
  it.each(hostile)('makes nothing that runs, loads or leads away of %s', (text) => {
    const { container } = render(<Markdown text={text} />)
    expect(
      container.querySelector('script, img, iframe, svg, style, object, embed, form'),
    ).toBeNull()
    for (const element of container.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        expect(name.startsWith('on')).toBe(false)
        expect(value.toLowerCase().replace(/\s/g, '')).not.toContain('javascript:')
        expect(value.toLowerCase()).not.toContain('data:')
      }
    }
  })

  it('shows raw HTML as the text it is', () => {
    render(<Markdown text="<b>not bold</b>" />)
    expect(screen.getByText(/<b>not bold<\/b>/)).toBeDefined()
  })

  it('renders what statements use', () => {
    const text =
      '## Task\n\nUse `next()` and **stop**.\n\n- one\n- two\n\n1. first\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n```js\nconst a = 1 < 2\n```'
    const { container } = render(<Markdown text={text} />)
    expect(screen.getByRole('heading', { name: 'Task', level: 2 })).toBeDefined()
    expect(screen.getByText('next()').tagName).toBe('CODE')
    expect(screen.getByText('stop').tagName).toBe('STRONG')
    expect(screen.getAllByRole('listitem')).toHaveLength(3)
    expect(within(screen.getByRole('table')).getAllByRole('columnheader')).toHaveLength(2)
    expect(container.querySelector('pre')?.textContent).toBe('const a = 1 < 2')
  })

  it('keeps entities in code and resolves them in text', () => {
    const { container } = render(<Markdown text={'a &lt; b and `&lt;`'} />)
    expect(container.textContent).toBe('a < b and &lt;')
  })

  it('keeps web links, opening them apart from the page', () => {
    render(<Markdown text="[docs](https://expressjs.com/)" />)
    const link = screen.getByRole('link', { name: 'docs' })
    expect(link.getAttribute('href')).toBe('https://expressjs.com/')
    expect(link.getAttribute('rel')).toContain('noopener')
  })

  it('fits its headings below those of the page', () => {
    render(<Markdown text={'# Top\n\n## Below'} baseLevel={3} />)
    expect(screen.getByRole('heading', { name: 'Top', level: 3 })).toBeDefined()
    expect(screen.getByRole('heading', { name: 'Below', level: 4 })).toBeDefined()
  })
})

describe('safeHref', () => {
  it('lets only web and mail addresses through', () => {
    expect(safeHref('https://a.example/b')).toBe('https://a.example/b')
    expect(safeHref('mailto:a@b.example')).toBe('mailto:a@b.example')
    expect(safeHref('vbscript:x')).toBeNull()
    expect(safeHref('/relative')).toBeNull()
    expect(safeHref('//host')).toBeNull()
  })
})
