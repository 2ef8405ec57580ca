import type { Env, NodeObject } from '../../isolate/env.ts'
import { FsFault } from '../../isolate/tree/fault.ts'
import type { FileTree } from '../../isolate/tree/tree.ts'
import { pathArgument } from './names.ts'

const javascript = 0
const wasm = 1
const missing = -2
const notDirectory = -20

const legacyMains = ['', '.js', '.json', '.node', '/index.js', '/index.json', '/index.node']
const legacyIndexes = ['index.js', 'index.json', 'index.node']

/** What the module loaders ask of the file system. */
export function loaderFunctions(env: Env, tree: FileTree): NodeObject {
  /** 0 a file, 1 a directory, negative an error number. */
  const internalModuleStat = (path: unknown): number => {
    try {
      return tree.find(pathArgument(path)).kind === 'directory' ? 1 : 0
    } catch (fault) {
      if (!(fault instanceof FsFault)) throw fault
      return fault.code === 'ENOTDIR' ? notDirectory : missing
    }
  }

  return {
    internalModuleStat,
    getFormatOfExtensionlessFile(path: unknown): number {
      const node = tree.find(pathArgument(path))
      if (node.kind !== 'file') return javascript
      const [a, b, c, d] = tree.content(node)
      return a === 0 && b === 0x61 && c === 0x73 && d === 0x6d ? wasm : javascript
    },
    legacyMainResolve(folder: string, main: string | undefined, base: string | undefined): number {
      const isFile = (path: string) => internalModuleStat(path) === 0
      const prefix = folder.endsWith('/') ? folder : `${folder}/`
      if (typeof main === 'string') {
        const at = legacyMains.findIndex((ending) => isFile(`${prefix}${main}${ending}`))
        if (at >= 0) return at
      }
      const at = legacyIndexes.findIndex((name) => isFile(`${prefix}${name}`))
      if (at >= 0) return legacyMains.length + at
      const { codes } = env.requireBuiltin('internal/errors') as {
        codes: Record<string, new (...args: unknown[]) => Error>
      }
      const { fileURLToPath } = env.requireBuiltin('internal/url') as {
        fileURLToPath(url: string): string
      }
      const NotFound = codes.ERR_MODULE_NOT_FOUND as new (...args: unknown[]) => Error
      throw new NotFound(
        `${prefix}index.js`,
        base === undefined ? undefined : fileURLToPath(base),
        'package',
      )
    },
  }
}
