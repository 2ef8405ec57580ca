import { remoteLimits } from '../../isolate/remote-limits.ts'
import type { DoorOps } from './door.ts'
import { guarded } from './guarded.ts'
import { createObjectTable } from './object-table.ts'

const components = [
  'protocol',
  'username',
  'password',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
  'hasRegExpGroups',
]

interface Pattern {
  test(...args: unknown[]): boolean
  exec(...args: unknown[]): object | null
}

/** A match as plain data: its parts have prototypes of their own, which do not cross. */
function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plainCopy)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainCopy(item)]))
}

/** `urlPattern.*`: the running binary's `URLPattern` by id. */
export function urlPatternOps(): DoorOps {
  const { URLPattern } = globalThis as unknown as {
    URLPattern: new (...args: unknown[]) => Pattern
  }
  const patterns = createObjectTable<Pattern>('URL patterns', remoteLimits.urlPattern)
  const given = (args: unknown[]) => {
    const end = args.findLastIndex((arg) => arg !== undefined)
    return args.slice(0, end + 1)
  }
  return guarded({
    'urlPattern.create'(...args: unknown[]) {
      const pattern = new URLPattern(...given(args))
      const parts = components.map((name) => [
        name,
        (pattern as unknown as Record<string, unknown>)[name],
      ])
      return { id: patterns.add(pattern), parts: Object.fromEntries(parts) }
    },
    'urlPattern.test': (id: unknown, ...args: unknown[]) =>
      patterns.select(id).test(...given(args)),
    'urlPattern.exec': (id: unknown, ...args: unknown[]) =>
      plainCopy(patterns.select(id).exec(...given(args))),
    'urlPattern.release': (ids: unknown) => patterns.release(ids),
  })
}
