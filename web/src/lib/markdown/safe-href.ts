/** The address when it is a plain web or mail link, else null: `javascript:`, `data:` and relative ones are refused. */
export function safeHref(href: string): string | null {
  try {
    const { protocol } = new URL(href)
    return protocol === 'https:' || protocol === 'http:' || protocol === 'mailto:' ? href : null
  } catch {
    return null
  }
}
