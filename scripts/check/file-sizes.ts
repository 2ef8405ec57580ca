import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listSourceFiles } from './source-files.ts'

/** Nobody keeps a longer file in their head; see CONTRIBUTING.md. */
export const maxLines = 400

const extensions = ['.ts', '.tsx', '.mts', '.mjs', '.cjs', '.css']

/** A generated file says so in its first lines; its generator is what people read. */
const isGenerated = (text: string) => text.slice(0, 400).includes('@generated')

export const countLines = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

/** One line per source file that is longer than `maxLines`. */
export const checkFileSizes = (root: string): string[] =>
  listSourceFiles(root, extensions).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const lines = countLines(text)
    if (lines <= maxLines || isGenerated(text)) return []
    return [`${file}: expected at most ${maxLines} lines, got ${lines}`]
  })
