import type { IsolateFacts, NodeObject } from './env.ts'

/** The bare `process` object that Node's C++ makes before any of its JavaScript runs. */
export function createProcessObject(
  facts: IsolateFacts,
  privateSymbols: Record<string, symbol>,
): NodeObject {
  const prototype = Object.create(Object.prototype, {
    constructor: {
      value: function process() {},
      writable: true,
      configurable: true,
    },
  }) as object
  const process = Object.create(prototype) as NodeObject
  const readOnly = (name: string, value: unknown) =>
    Object.defineProperty(process, name, {
      value,
      enumerable: true,
      configurable: true,
    })
  readOnly('version', facts.version)
  readOnly('versions', Object.freeze({ ...facts.versions }))
  readOnly('arch', 'x64')
  readOnly('platform', 'linux')
  readOnly('release', { name: 'node', lts: false })
  const exitInfo = privateSymbols.exit_info_private_symbol
  if (exitInfo !== undefined) process[exitInfo] = new Int32Array(3)
  return process
}
