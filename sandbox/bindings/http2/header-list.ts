import type { HeaderField } from './protocol/hpack-tables.ts'

const neverIndex = '\x01'

/** Reads the list that Node's library makes of headers: `name NUL value NUL flag`, one after the other, and their count. */
export function readHeaderList(list: unknown): HeaderField[] {
  const [text = '', count = 0] = list as [string?, number?]
  const fields: HeaderField[] = []
  for (let at = 0; at < text.length; ) {
    const nameEnd = text.indexOf('\0', at)
    const valueEnd = nameEnd < 0 ? -1 : text.indexOf('\0', nameEnd + 1)
    // A NUL inside of a header: the whole list is replaced by one that no peer accepts.
    if (valueEnd < 0 || fields.length >= count) {
      return [{ name: '\0', value: '\0', isSensitive: false }]
    }
    fields.push({
      name: lowerCase(text.slice(at, nameEnd)),
      value: text.slice(nameEnd + 1, valueEnd),
      isSensitive: text[valueEnd + 1] === neverIndex,
    })
    at = valueEnd + 2
  }
  return fields
}

function lowerCase(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : name
}
