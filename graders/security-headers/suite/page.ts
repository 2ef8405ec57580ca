import { siteOrigin } from './policy.ts'

/** A script, stylesheet or image of a page. */
export interface PageElement {
  /** Absolute address; null when the text stands in the page. */
  source: string | null
  nonce: string | null
  text: string
}

export interface Page {
  scripts: PageElement[]
  styles: PageElement[]
  images: string[]
  /** Every attribute of every element, as `name=value`. */
  attributes: string[]
}

const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g
const element = /<([a-z][a-z0-9]*)((?:\s+(?:"[^"]*"|'[^']*'|[^'">])*)?)>/gi

/** Reads the elements of a page that a content policy is about. */
export function readPage(html: string): Page {
  const page: Page = { scripts: [], styles: [], images: [], attributes: [] }
  // The text of scripts and styles is set apart first, so that no tag is found inside it.
  const texts: string[] = []
  const bare = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/(<(script|style)\b[^>]*>)([\s\S]*?)(<\/\2\s*>)/gi, (_, open, _name, text, close) => {
      texts.push(text)
      return `${open}${close}`
    })
  for (const [, tag = '', rest = ''] of bare.matchAll(element)) {
    const values = readAttributes(rest)
    for (const [name, value] of values) page.attributes.push(`${name}=${value}`)
    const nonce = values.get('nonce') ?? null
    const address = (name: string) => absolute(values.get(name))
    switch (tag.toLowerCase()) {
      case 'script':
        page.scripts.push({ source: address('src'), nonce, text: texts.shift() ?? '' })
        break
      case 'style':
        page.styles.push({ source: null, nonce, text: texts.shift() ?? '' })
        break
      case 'link':
        if (/\bstylesheet\b/i.test(values.get('rel') ?? '')) {
          page.styles.push({ source: address('href'), nonce, text: '' })
        }
        break
      case 'img':
        page.images.push(address('src') ?? siteOrigin)
    }
  }
  return page
}

function readAttributes(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const [, name = '', double, single, plain] of text.matchAll(attribute)) {
    values.set(name.toLowerCase(), decode(double ?? single ?? plain ?? ''))
  }
  return values
}

const absolute = (address: string | undefined) =>
  address === undefined ? null : new URL(address, `${siteOrigin}/`).href

const decode = (text: string) =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, digits) => String.fromCodePoint(Number(digits)))
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
