import type { Program } from '../env.ts'
import type { FileTree } from './tree.ts'

/** Lays a program's own files over whatever is mounted, and makes its working folder. */
export function layProgramFiles(tree: FileTree, program: Program): void {
  for (const [path, content] of Object.entries(program.files)) {
    const bytes = typeof content === 'string' ? utf8(content) : fromBase64(content.base64)
    tree.layFile(path, bytes)
  }
  tree.layDirectory(program.cwd)
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function fromBase64(text: string): Uint8Array {
  return (Uint8Array as unknown as { fromBase64(text: string): Uint8Array }).fromBase64(text)
}
