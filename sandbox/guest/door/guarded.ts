import type { DoorOp, DoorOps } from './door.ts'

const maxMessageLength = 2000
const maxListLength = 50

/**
 * Wraps operations over Node's own libraries so that what those throw crosses as `{ fault }`: name, message and the
 * plain own properties (`code`, `library`, `reason`, ...). Never the stack, which holds host paths.
 */
export function guarded(ops: DoorOps): DoorOps {
  const wrapped: DoorOps = {}
  for (const [name, op] of Object.entries(ops)) {
    const run = op as (...args: unknown[]) => unknown
    wrapped[name] = ((...args: unknown[]) => {
      try {
        return run(...args)
      } catch (error) {
        return { fault: faultOf(error) }
      }
    }) as DoorOp
  }
  return wrapped
}

/** What an error of the host's libraries is to a guest. */
export function faultOf(error: unknown) {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: 'operation failed', isNodeError: false, props: [] }
  }
  const props: [string, unknown][] = []
  for (const [key, value] of Object.entries(error)) {
    const plain = plainOf(value)
    if (plain !== undefined) props.push([key, plain])
  }
  const code = (error as { code?: unknown }).code
  return {
    name: error.name.replace(/ \[.*\]$/, ''),
    message: error.message.slice(0, maxMessageLength),
    isNodeError: typeof code === 'string' && String(error.stack).includes(`[${code}]`),
    props,
  }
}

function plainOf(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, maxMessageLength)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.slice(0, maxListLength).map((item) => item.slice(0, maxMessageLength))
  }
  return undefined
}
