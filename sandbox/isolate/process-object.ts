import type { IsolateFacts, NodeObject } from './env.ts'

/** The bare `process` object that Node's C++ makes before any of its JavaScript runs. */
export function createProcessObject(
  facts: IsolateFacts,
  privateSymbols: Record<string, symbol>,
): NodeObject {
  // Made by a constructor of that name, so that frames read `process.nextTick`.
  // As text, for the bundler would rename a function that is called as a variable is.
  const Process = new Function('return function process() {}')() as new () => NodeObject
  const process = new Process()
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
  readOnly('release', { ...facts.release })
  // Builtins loaded while the guest is warm read it; `patchProcessObject` puts the program's own in its place.
  readOnly('env', {})
  const exitInfo = privateSymbols.exit_info_private_symbol
  if (exitInfo !== undefined) process[exitInfo] = new Int32Array(3)
  return process
}
