/** What a `priority` field asks for (RFC 9218). */
export interface Priority {
  urgency: number
  isIncremental: boolean
}

const member =
  /^([a-z*][a-z0-9_.*-]*)(?:=(\?[01]|-?\d{1,15}(?:\.\d{1,3})?|"[\x20-\x7e]*"|[A-Za-z*][^\s,;]*|:[A-Za-z0-9+/=]*:))?(?:;[^,]*)?$/

/** Reads a `priority` field over `from`; undefined when it is malformed and the whole field must be ignored. */
export function parsePriority(text: string, from: Priority): Priority | undefined {
  const priority = { ...from }
  const trimmed = text.replace(/^ +| +$/g, '')
  if (trimmed === '') return priority
  for (const part of trimmed.split(/[ \t]*,[ \t]*/)) {
    const match = member.exec(part)
    if (match === null) return undefined
    const [, key, value = '?1'] = match
    if (key === 'i') {
      if (value !== '?1' && value !== '?0') return undefined
      priority.isIncremental = value === '?1'
    } else if (key === 'u') {
      if (!/^[0-7]$/.test(value)) return undefined
      priority.urgency = Number(value)
    }
  }
  return priority
}
