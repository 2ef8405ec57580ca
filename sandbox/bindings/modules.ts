import type { BindingFactory, NodeFunction } from '../isolate/env.ts'
import { readPackage, type SerializedPackage } from './modules/package-json.ts'

const { captureStackTrace } = Error

/** `package.json` files as Node's C++ reads them: parsed once per path, found by walking up. */
export const modules: BindingFactory = (env) => {
  const known = new Map<string, SerializedPackage | undefined>()

  function read(path: string, base?: string, specifier?: string): SerializedPackage | undefined {
    if (known.has(path)) return known.get(path)
    const { internalModuleStat, readFileUtf8 } = env.internalBinding('fs') as Record<
      string,
      NodeFunction
    >
    if (internalModuleStat?.(path) !== 0) return undefined
    const text = readFileUtf8?.(path, 0) as string
    const serialized = readPackage(text, path)
    if (serialized === null) throw invalidConfig(path, base, specifier)
    known.set(path, serialized)
    return serialized
  }

  function invalidConfig(
    path: string,
    base: string | undefined,
    specifier: string | undefined,
  ): Error {
    let message = `Invalid package config ${path}.`
    if (base !== undefined) {
      const from = base.startsWith('file:') ? fromUrl(base) : base
      message = `Invalid package config ${path}${specifier === undefined ? '' : ` while importing "${specifier}" from ${from}`}.`
    }
    const error = new Error(message) as Error & { code: string }
    error.code = 'ERR_INVALID_PACKAGE_CONFIG'
    return error
  }

  const fromUrl = (url: string) => {
    const { fileURLToPath } = env.requireBuiltin('internal/url') as {
      fileURLToPath(url: string): string
    }
    return fileURLToPath(url)
  }

  function nearest(path: string): SerializedPackage | undefined {
    let folder = path.endsWith('/') ? path.slice(0, -1) : path.slice(0, path.lastIndexOf('/'))
    for (;;) {
      const found = read(`${folder}/package.json`)
      if (found !== undefined) return found
      if (folder === '') return undefined
      folder = folder.slice(0, folder.lastIndexOf('/'))
    }
  }

  /** The package that governs a URL, or the path at which the walk up ended. */
  function scope(url: string): SerializedPackage | string {
    let folder = fromUrl(url)
    for (;;) {
      folder = folder.slice(0, folder.lastIndexOf('/'))
      const path = `${folder}/package.json`
      // A folder of packages is no package: the walk ends there.
      if (path.endsWith('node_modules/package.json')) return path
      const found = read(path)
      if (found !== undefined) return found
      if (folder === '') return path
    }
  }

  const typeOf = (found: SerializedPackage | string | undefined) => {
    const type = typeof found === 'object' ? found[2] : undefined
    return type === 'none' ? undefined : type
  }

  return {
    readPackageJSON: (path: string, _isEsm: unknown, base?: string, specifier?: string) =>
      read(path, base, specifier),
    parsePackageJSON: (text: string, path: string) => {
      const serialized = readPackage(text, path)
      if (serialized === null) throw invalidConfig(path, undefined, undefined)
      return serialized
    },
    getNearestParentPackageJSON: nearest,
    getNearestParentPackageJSONType: (path: string) => typeOf(nearest(path)),
    getPackageScopeConfig: scope,
    getPackageType: (url: string) => typeOf(scope(url)),
    // The host keeps compiled code; a program cannot ask for a cache of its own.
    enableCompileCache: function enableCompileCache(folder: unknown) {
      if (typeof folder === 'string') return [3]
      const error = Object.assign(new TypeError('cacheDir should be a string'), {
        code: 'ERR_INVALID_ARG_TYPE',
      })
      captureStackTrace(error, enableCompileCache)
      throw error
    },
    getCompileCacheDir: () => undefined,
    flushCompileCache() {},
    getCompileCacheEntry: () => undefined,
    saveCompileCacheEntry() {},
  }
}
