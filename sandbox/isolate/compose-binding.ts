import type { IsolateFacts, NodeObject } from './env.ts'

/**
 * A binding as Node's library sees it: the pinned binary's own constants, what we implement over them, and for every
 * key that is left a function that fails loudly with its name. Nothing absent is ever silently undefined.
 */
export function composeBinding(facts: IsolateFacts, name: string, own: NodeObject): NodeObject {
  const binding = constantsOf(facts, name)
  Object.defineProperties(binding, Object.getOwnPropertyDescriptors(own))
  for (const key of facts.bindingKeys[name] ?? []) {
    if (!(key in binding)) binding[key] = unavailable(name, key)
  }
  return binding
}

/** The plain values of the pinned binary's own binding, as a copy. */
export const constantsOf = (facts: IsolateFacts, name: string): NodeObject =>
  copyOf(
    facts.bindingConstants[name] ?? {},
    facts.constantShapes[name] ?? {},
    '',
    name === 'constants',
  )

/**
 * A copy of constants, each object in the shape that the pinned binary gives it. Those that `NODE_DEFINE_CONSTANT` made for
 * programs to see are fixed.
 */
function copyOf(
  source: NodeObject,
  shapes: IsolateFacts['constantShapes'][string],
  path: string,
  isFixed: boolean,
): NodeObject {
  const shape = shapes[path]
  const copy = (shape?.isBare ? Object.create(null) : {}) as NodeObject
  for (const [key, plain] of Object.entries(source)) {
    const value = shape?.infinite?.includes(key) === true ? Number.POSITIVE_INFINITY : plain
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const inner = path === '' ? key : `${path}.${key}`
    if (isObject) copy[key] = copyOf(value as NodeObject, shapes, inner, isFixed)
    else if (isFixed && path !== '' && !Array.isArray(value))
      Object.defineProperty(copy, key, { value, enumerable: true })
    else copy[key] = Array.isArray(value) ? [...(value as unknown[])] : value
  }
  for (const [key, value] of shape?.hidden ?? []) Object.defineProperty(copy, key, { value })
  return copy
}

/** The error Node gives for what a platform lacks, naming what is missing here. */
export function unavailableError(what: string): Error {
  const error = new Error(`The feature ${what} is unavailable in the sandbox`) as Error & {
    code: string
  }
  error.code = 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM'
  return error
}

function unavailable(name: string, key: string): () => never {
  return function refused() {
    throw unavailableError(`${name}.${key}`)
  }
}
