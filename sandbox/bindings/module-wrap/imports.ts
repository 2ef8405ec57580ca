import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'

const evaluationPhase = 3

/** What `import()` and `import.meta` do: Node's callbacks, called as V8 would call them. */
export function createImports(env: Env) {
  let dynamicCallback: NodeFunction | undefined
  let metaCallback: NodeFunction | undefined
  let resolveInitializer: NodeFunction | undefined
  const defaultModule = env.perIsolateSymbols.source_text_module_default_hdo as symbol

  return {
    setDynamicCallback(callback: NodeFunction) {
      dynamicCallback = callback
    },
    setMetaCallback(callback: NodeFunction) {
      metaCallback = callback
    },
    setResolveInitializer(initializer: NodeFunction) {
      resolveInitializer = initializer
    },

    importDynamically(
      id: symbol,
      referrerName: string,
      specifier: unknown,
      options: unknown,
    ): Promise<unknown> {
      try {
        if (dynamicCallback === undefined) throw new TypeError('import() is not available')
        const text = `${specifier as string}`
        return dynamicCallback(
          id,
          text,
          evaluationPhase,
          attributesOf(options),
          referrerName,
        ) as Promise<unknown>
      } catch (error) {
        return Promise.reject(error)
      }
    },

    createMeta(id: symbol, wrap: NodeObject): object {
      const meta = Object.create(null) as Record<string, unknown>
      if (id !== defaultModule) {
        metaCallback?.(id, meta, wrap)
        return meta
      }
      const url = wrap.url as string
      if (url.startsWith('file:')) {
        const { fileURLToPath } = env.requireBuiltin('internal/url') as {
          fileURLToPath(url: string): string
        }
        const filename = fileURLToPath(url)
        meta.dirname = filename.slice(0, Math.max(1, filename.lastIndexOf('/')))
        meta.filename = filename
      }
      meta.main = wrap.isMain === true
      if (resolveInitializer !== undefined) meta.resolve = resolveInitializer(url)
      meta.url = url
      return meta
    },
  }

  function attributesOf(options: unknown): Record<string, string> {
    const attributes = Object.create(null) as Record<string, string>
    if (options === undefined) return attributes
    if (typeof options !== 'object' || options === null) {
      throw new TypeError('The second argument of import() must be an object')
    }
    const given = (options as { with?: unknown }).with
    if (given === undefined) return attributes
    if (typeof given !== 'object' || given === null) {
      throw new TypeError("The 'options' argument of import() must be an object")
    }
    for (const [key, value] of Object.entries(given)) {
      if (typeof value !== 'string') throw new TypeError('Import attribute value must be a string')
      attributes[key] = value
    }
    return attributes
  }
}

export type Imports = ReturnType<typeof createImports>
