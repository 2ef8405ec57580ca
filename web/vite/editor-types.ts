import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { collectTypes, type TypeFiles } from './type-closure.ts'

/** Packages of challenges that the editor knows types for; `node` is always loaded, the rest when a challenge lists it. */
const packages = [
  'node',
  'express',
  'helmet',
  'cors',
  'zod',
  'express-validator',
  'express-rate-limit',
  'cookie-parser',
  'compression',
  'morgan',
]

const virtualId = 'virtual:editor-types'

interface TypeBundle {
  name: string
  url: string
  fileName: string
  source: string
}

function buildBundles(): TypeBundle[] {
  const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))
  const node: TypeFiles = collectTypes(modules, 'node')
  return packages.map((name) => {
    const files = name === 'node' ? node : collectTypes(modules, name, node)
    const source = JSON.stringify(files)
    const hash = createHash('sha256').update(source).digest('base64url').slice(0, 8)
    const fileName = `assets/types-${name}-${hash}.json`
    return { name, url: `/${fileName}`, fileName, source }
  })
}

/**
 * Turns installed type declarations into same-origin JSON assets and offers their addresses as
 * `virtual:editor-types` (`Record<package, url>`), so that the editor fetches only what a challenge uses.
 */
export function editorTypes(): Plugin {
  let bundles: TypeBundle[] | null = null
  const allBundles = (): TypeBundle[] => {
    bundles ??= buildBundles()
    return bundles
  }
  return {
    name: 'assay:editor-types',
    resolveId(id) {
      return id === virtualId ? `\0${virtualId}` : null
    },
    load(id) {
      if (id !== `\0${virtualId}`) return null
      const urls = Object.fromEntries(allBundles().map((bundle) => [bundle.name, bundle.url]))
      return `export const editorTypeUrls = ${JSON.stringify(urls)}`
    },
    generateBundle() {
      for (const { fileName, source } of allBundles()) {
        this.emitFile({ type: 'asset', fileName, source })
      }
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const bundle = allBundles().find((candidate) => candidate.url === request.url)
        if (bundle === undefined) return next()
        response.setHeader('content-type', 'application/json')
        response.end(bundle.source)
      })
    },
  }
}
