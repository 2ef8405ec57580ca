import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync } from 'vite'

export interface Import {
  /** Importing file, relative to the root. */
  from: string
  /** Imported file relative to the root; for a package its specifier as written. */
  to: string
  isPackage: boolean
  /** Nothing is left of it at run time. */
  isTypeOnly: boolean
}

/**
 * The imports of one module: static, re-exported and dynamic ones, and `import('x')` in types.
 * Throws when the text cannot be parsed. Specifiers computed at run time are not seen.
 */
export const readImports = (
  file: string,
  text: string,
): { specifier: string; isTypeOnly: boolean }[] => {
  const { module, program, errors } = parseSync(file, text)
  const [error] = errors
  if (error) throw new Error(`${file}: ${error.message}`)
  const statics = module.staticImports.map((found) => ({
    specifier: found.moduleRequest.value,
    isTypeOnly: found.entries.length > 0 && found.entries.every((entry) => entry.isType),
  }))
  const reexports = module.staticExports.flatMap((found) => {
    const specifier = found.entries[0]?.moduleRequest?.value
    return specifier
      ? [{ specifier, isTypeOnly: found.entries.every((entry) => entry.isType) }]
      : []
  })
  const dynamics = module.dynamicImports.flatMap((found) => {
    const source = text.slice(found.moduleRequest.start, found.moduleRequest.end)
    const specifier = /^(['"`])([^'"`$]+)\1$/.exec(source)?.[2]
    return specifier ? [{ specifier, isTypeOnly: false }] : []
  })
  return [...statics, ...reexports, ...dynamics, ...readTypeImports(program)]
}

/** `import('x').T` as a type is in no list of the parser, so the tree is walked for it. */
const readTypeImports = (node: unknown): { specifier: string; isTypeOnly: boolean }[] => {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(readTypeImports)
  const fields = node as Record<string, unknown>
  const source = fields.source as { value?: unknown } | undefined
  const own =
    fields.type === 'TSImportType' && typeof source?.value === 'string'
      ? [{ specifier: source.value, isTypeOnly: true }]
      : []
  return [...own, ...Object.values(fields).flatMap(readTypeImports)]
}

/** The kit under the name suites use for it. */
const kitName = 'assay'
const kitFile = 'kit/index.ts'

/** Reads every import of `files`, with relative ones and the kit's name resolved to files of the checkout. */
export const readImportGraph = (root: string, files: readonly string[]): Import[] =>
  files.flatMap((from) =>
    readImports(from, readFileSync(join(root, from), 'utf8')).map(({ specifier, isTypeOnly }) => {
      if (specifier === kitName) return { from, to: kitFile, isPackage: false, isTypeOnly }
      const isPackage = !specifier.startsWith('.')
      const to = isPackage ? specifier : resolveFile(root, from, specifier)
      return { from, to, isPackage, isTypeOnly }
    }),
  )

/** Vite takes `?worker` and the like off; so do we. */
const resolveFile = (root: string, from: string, specifier: string): string => {
  const path = posix.join(dirname(from), specifier.replace(/\?.*$/, ''))
  return existsSync(join(root, path)) ? path : `${path} (missing)`
}
