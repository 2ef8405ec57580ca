// Runs in a short-lived process of the pinned Node with --expose-internals and prints, as JSON, what the isolate's
// bindings need to know about that very binary: constants, option values, error numbers. Nothing is written by hand.
'use strict'
const { internalBinding } = require('internal/test/binding')

const plain = (value) => {
  if (value === null) return true
  switch (typeof value) {
    case 'number':
    case 'string':
    case 'boolean':
      return true
    case 'object': {
      if (Array.isArray(value)) return value.every(plain)
      const proto = Object.getPrototypeOf(value)
      return (proto === null || proto === Object.prototype) && Object.values(value).every(plain)
    }
    default:
      return false
  }
}

/** Notes, by its path, what JSON loses of an object: no prototype, properties that are not listed, infinity. */
const noteShapes = (shapes, path, value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const shape = {}
  if (Object.getPrototypeOf(value) === null) shape.isBare = true
  const properties = Object.entries(Object.getOwnPropertyDescriptors(value))
  const hidden = properties.filter(([, { enumerable, value: each }]) => !enumerable && plain(each))
  if (hidden.length > 0) shape.hidden = hidden.map(([key, property]) => [key, property.value])
  const infinite = Object.keys(value).filter((key) => value[key] === Number.POSITIVE_INFINITY)
  if (infinite.length > 0) shape.infinite = infinite
  if (Object.keys(shape).length > 0) shapes[path.join('.')] = shape
  for (const key of Object.keys(value)) noteShapes(shapes, [...path, key], value[key])
}

const bindingConstants = {}
const constantShapes = {}
const bindingKeys = {}
for (const name of process.argv.slice(2)) {
  const binding = internalBinding(name)
  bindingKeys[name] = Object.keys(binding)
  bindingConstants[name] = {}
  if (name === 'builtins') continue
  for (const [key, value] of Object.entries(binding)) {
    if (value === undefined || !plain(value)) continue
    bindingConstants[name][key] = value
    constantShapes[name] ??= {}
    noteShapes(constantShapes[name], [key], value)
  }
}

// Lists that only a call of the binding tells.
bindingConstants.crypto.pqcKeyTypes = internalBinding('crypto').getPqcKeyTypes()

const options = {}
for (const [key, value] of Object.entries(internalBinding('options').getCLIOptionsValues())) {
  if (plain(value)) options[key] = value
}
options['--expose-internals'] = false
options['--warnings'] = true
options['--no-warnings'] = false

process.stdout.write(
  JSON.stringify({
    version: process.version,
    versions: process.versions,
    release: process.release,
    builtinIds: internalBinding('builtins').builtinIds,
    builtinCategories: internalBinding('builtins').builtinCategories,
    config: internalBinding('builtins').config,
    cliOptions: options,
    uvErrors: [...internalBinding('uv').getErrorMap()].map(([n, [name, text]]) => [n, name, text]),
    privateSymbols: Object.keys(internalBinding('util').privateSymbols),
    symbols: Object.keys(internalBinding('symbols')),
    embedderOptions: internalBinding('options').getEmbedderOptions(),
    bindingConstants,
    constantShapes,
    bindingKeys,
    sources: internalBinding('builtins').natives,
  }),
)
