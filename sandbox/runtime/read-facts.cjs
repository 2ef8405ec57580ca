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

const bindingConstants = {}
const bindingKeys = {}
for (const name of process.argv.slice(2)) {
  const binding = internalBinding(name)
  bindingKeys[name] = Object.keys(binding)
  bindingConstants[name] = {}
  if (name === 'builtins') continue
  for (const [key, value] of Object.entries(binding)) {
    if (value !== undefined && plain(value)) bindingConstants[name][key] = value
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

process.stdout.write(
  JSON.stringify({
    version: process.version,
    versions: process.versions,
    builtinIds: internalBinding('builtins').builtinIds,
    builtinCategories: internalBinding('builtins').builtinCategories,
    config: internalBinding('builtins').config,
    cliOptions: options,
    uvErrors: [...internalBinding('uv').getErrorMap()].map(([n, [name, text]]) => [n, name, text]),
    privateSymbols: Object.keys(internalBinding('util').privateSymbols),
    symbols: Object.keys(internalBinding('symbols')),
    embedderOptions: internalBinding('options').getEmbedderOptions(),
    bindingConstants,
    bindingKeys,
    sources: internalBinding('builtins').natives,
  }),
)
