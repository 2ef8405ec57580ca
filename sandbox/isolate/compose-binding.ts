import type { IsolateFacts, NodeObject } from './env.ts'

/**
 * A binding as Node's library sees it: the pinned binary's own constants, what we implement over them, and for every
 * key that is left a function that fails loudly with its name. Nothing absent is ever silently undefined.
 */
export function composeBinding(facts: IsolateFacts, name: string, own: NodeObject): NodeObject {
  const binding: NodeObject = structuredCopy(facts.bindingConstants[name] ?? {})
  Object.defineProperties(binding, Object.getOwnPropertyDescriptors(own))
  for (const key of facts.bindingKeys[name] ?? []) {
    if (!(key in binding)) binding[key] = unavailable(name, key)
  }
  return binding
}

function structuredCopy(value: NodeObject): NodeObject {
  return JSON.parse(JSON.stringify(value)) as NodeObject
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
