type Types = Record<string, (value: unknown) => boolean>

function brand(method: unknown, ...args: unknown[]): (value: object) => boolean {
  return (value) => {
    try {
      Reflect.apply(method as never, value, args)
      return true
    } catch {
      return false
    }
  }
}

const isWeakRef = brand(WeakRef.prototype.deref)
const isRegistry = brand(FinalizationRegistry.prototype.unregister, {})

/** Prototypes whose instances have internal slots that no copy can carry. */
const exoticPrototypes = new Set<object>()
for (const iterator of [[].values(), ''[Symbol.iterator](), ''.matchAll(/a/g)]) {
  exoticPrototypes.add(Object.getPrototypeOf(iterator))
}
for (const namespace of [Intl, (globalThis as { Temporal?: object }).Temporal]) {
  for (const name of namespace === undefined ? [] : Object.getOwnPropertyNames(namespace)) {
    const member = (namespace as unknown as Record<string, unknown>)[name]
    if (typeof member === 'function' && typeof member.prototype === 'object') {
      exoticPrototypes.add(member.prototype as object)
    }
  }
}

const slotChecks = [
  'isWeakMap',
  'isWeakSet',
  'isPromise',
  'isGeneratorObject',
  'isMapIterator',
  'isSetIterator',
  'isArgumentsObject',
  'isModuleNamespaceObject',
]

/** True for objects that look plain but hold what cannot be copied. Brands decide, so a forged tag changes nothing. */
export function isUncloneable(types: Types, value: object): boolean {
  if (value === globalThis) return true
  if (slotChecks.some((check) => types[check]?.(value) === true)) return true
  for (
    let prototype: object | null = Object.getPrototypeOf(value);
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    if (exoticPrototypes.has(prototype)) return true
    if (prototype === WeakRef.prototype) return isWeakRef(value)
    if (prototype === FinalizationRegistry.prototype) return isRegistry(value)
  }
  return false
}
