// A program: prints, as JSON, every name a program can reach in each public module, with its type. Run on the pinned
// Node and in the sandbox, the two lists say what is missing. Getters of exports are called, those of prototypes are not.
'use strict'
process.removeAllListeners('warning')
process.on('warning', () => {})

const typeOf = (descriptor) => {
  if (!('value' in descriptor)) return 'accessor'
  return descriptor.value === null ? 'null' : typeof descriptor.value
}

const functionNames = new Set(['length', 'name', 'prototype', 'arguments', 'caller'])
const found = {}

const listMembers = (names, prefix, object, skipped) => {
  for (const key of Object.getOwnPropertyNames(object)) {
    if (skipped.has(key)) continue
    names[`${prefix}${key}`] = typeOf(Object.getOwnPropertyDescriptor(object, key))
  }
}

const listFunction = (names, path, fn) => {
  listMembers(names, `${path}.`, fn, functionNames)
  const { prototype } = fn
  if (typeof prototype !== 'object' || prototype === null) return
  listMembers(names, `${path}#`, prototype, new Set(['constructor']))
}

const isPlain = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const parent = Object.getPrototypeOf(value)
  return parent === null || parent === Object.prototype
}

const list = (exported) => {
  const names = {}
  for (const key of Object.getOwnPropertyNames(exported)) {
    let value
    try {
      value = exported[key]
    } catch (error) {
      names[key] = `throws ${error.code ?? error.name}`
      continue
    }
    names[key] = value === null ? 'null' : typeof value
    if (typeof value === 'function') listFunction(names, key, value)
    else if (isPlain(value)) listMembers(names, `${key}.`, value, new Set())
  }
  return names
}

for (const id of require('node:module').builtinModules) {
  // The underscored ones are old names of parts.
  if (id.startsWith('_')) continue
  try {
    found[id.replace('node:', '')] = list(require(id))
  } catch (error) {
    found[id.replace('node:', '')] = { '(the module)': `throws ${error.code ?? error.name}` }
  }
}
found.globals = list(globalThis)
process.stdout.write(JSON.stringify(found))
