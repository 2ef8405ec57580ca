import { lexer, type Token, type Tokens } from 'marked'
import { Fragment, type ReactNode, useMemo } from 'react'
import styles from './Markdown.module.css'
import { safeHref } from './safe-href.ts'

/**
 * Markdown as React elements. The text is not trusted: marked only cuts it into tokens, nothing is ever set as
 * HTML, raw HTML shows as the text it is, images show their alternative text, and only web and mail links stay
 * links. The highest heading becomes one of `baseLevel`, so that all fit the page's outline.
 */
export function Markdown({ text, baseLevel = 2 }: { text: string; baseLevel?: 2 | 3 }) {
  const tokens = useMemo(() => lexer(text), [text])
  const shift = baseLevel - highestLevel(tokens)
  return <div className={styles.markdown}>{renderBlocks(tokens, shift)}</div>
}

function highestLevel(tokens: Token[]): number {
  const levels = tokens.flatMap((token) =>
    token.type === 'heading' ? [(token as Tokens.Heading).depth] : [],
  )
  return levels.length === 0 ? 1 : Math.min(...levels)
}

type Alignment = Tokens.TableCell['align']

function decodeEntities(text: string): string {
  const named: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  }
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => named[entity] ?? entity)
}

// Tokens have no identity beyond their place, and the whole tree is rebuilt when the text changes.
function each<T>(list: readonly T[], render: (item: T) => ReactNode): ReactNode {
  return list.map((item, index) => <Fragment key={String(index)}>{render(item)}</Fragment>)
}

function renderBlocks(tokens: Token[], shift: number): ReactNode {
  return each(tokens, (token) => renderBlock(token, shift))
}

function renderHeading(token: Tokens.Heading, shift: number): ReactNode {
  const level = Math.min(6, token.depth + shift)
  const Heading = `h${level}` as 'h2' | 'h3' | 'h4' | 'h5' | 'h6'
  return <Heading>{renderInline(token.tokens)}</Heading>
}

function renderList(token: Tokens.List, shift: number): ReactNode {
  const items = each(token.items, (item) => <li>{renderBlocks(item.tokens, shift)}</li>)
  if (!token.ordered) return <ul>{items}</ul>
  return <ol start={typeof token.start === 'number' ? token.start : 1}>{items}</ol>
}

function alignStyle(align: Alignment): { textAlign?: 'left' | 'center' | 'right' } {
  return align === null ? {} : { textAlign: align }
}

function renderTable(token: Tokens.Table): ReactNode {
  const head = each(token.header, (cell) => (
    <th scope="col" style={alignStyle(cell.align)}>
      {renderInline(cell.tokens)}
    </th>
  ))
  const rows = each(token.rows, (row) => (
    <tr>
      {each(row, (cell) => (
        <td style={alignStyle(cell.align)}>{renderInline(cell.tokens)}</td>
      ))}
    </tr>
  ))
  return (
    <div className={styles.tableWrap}>
      <table>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{rows}</tbody>
      </table>
    </div>
  )
}

function renderBlock(token: Token, shift: number): ReactNode {
  switch (token.type) {
    case 'heading':
      return renderHeading(token as Tokens.Heading, shift)
    case 'paragraph':
      return <p>{renderInline((token as Tokens.Paragraph).tokens)}</p>
    case 'code':
      return (
        // Scrolls sideways, so the keyboard must be able to reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs focus
        <pre tabIndex={0}>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote>{renderBlocks((token as Tokens.Blockquote).tokens, shift)}</blockquote>
    case 'list':
      return renderList(token as Tokens.List, shift)
    case 'table':
      return renderTable(token as Tokens.Table)
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
      return null
    case 'html':
      return <p>{(token as Tokens.HTML).text}</p>
    default:
      return renderInline([token])
  }
}

function renderLink(token: Tokens.Link): ReactNode {
  const href = safeHref(token.href)
  const content = renderInline(token.tokens)
  if (href === null) return content
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {content}
    </a>
  )
}

function renderInline(tokens: Token[] | undefined): ReactNode {
  return each(tokens ?? [], renderSpan)
}

function renderSpan(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{renderInline((token as Tokens.Strong).tokens)}</strong>
    case 'em':
      return <em>{renderInline((token as Tokens.Em).tokens)}</em>
    case 'del':
      return <del>{renderInline((token as Tokens.Del).tokens)}</del>
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>
    case 'br':
      return <br />
    case 'link':
      return renderLink(token as Tokens.Link)
    case 'image':
      return (token as Tokens.Image).text
    case 'checkbox':
      return (token as { checked?: boolean }).checked ? '☑ ' : '☐ '
    case 'text':
      if ('tokens' in token && token.tokens) return renderInline(token.tokens)
      return decodeEntities((token as Tokens.Text).text)
    case 'escape':
      return (token as Tokens.Escape).text
    default:
      return token.raw
  }
}
