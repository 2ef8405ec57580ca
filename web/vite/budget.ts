import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** The parts of a built chunk that a budget needs. */
export interface BuiltChunk {
  fileName: string
  /** Chunks it cannot run without. */
  imports: readonly string[]
  code: string
  /** Source file that a dynamic import asked for, or the page's entry. */
  facade: string | null
}

export interface Budget {
  /** What a person waits for. */
  name: string
  /** Source files whose chunks are downloaded, with everything they import. */
  facades: readonly string[]
  /** Source files whose chunks are already there. */
  alreadyLoaded?: readonly string[]
  limitKib: number
}

function closure(chunks: readonly BuiltChunk[], facades: readonly string[]): Set<BuiltChunk> {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const found = new Set<BuiltChunk>()
  const visit = (chunk: BuiltChunk | undefined): void => {
    if (chunk === undefined || found.has(chunk)) return
    found.add(chunk)
    for (const file of chunk.imports) visit(byFile.get(file))
  }
  for (const facade of facades) {
    const chunk = chunks.find((candidate) => candidate.facade?.endsWith(facade))
    if (chunk === undefined) throw new Error(`expected a chunk for ${facade}, found none`)
    visit(chunk)
  }
  return found
}

/** KiB of gzip that one budget's download costs. */
export function measure(chunks: readonly BuiltChunk[], budget: Budget): number {
  const known = closure(chunks, budget.alreadyLoaded ?? [])
  let bytes = 0
  for (const chunk of closure(chunks, budget.facades)) {
    if (!known.has(chunk)) bytes += gzipSync(chunk.code).length
  }
  return bytes / 1024
}

/** Ends the build when a page has grown beyond its budget. */
export function budgets(list: readonly Budget[]): Plugin {
  return {
    name: 'assay:budgets',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((output): BuiltChunk[] =>
        output.type === 'chunk'
          ? [
              {
                fileName: output.fileName,
                imports: output.imports,
                code: output.code,
                facade: output.facadeModuleId,
              },
            ]
          : [],
      )
      for (const budget of list) {
        const kib = measure(chunks, budget)
        if (kib <= budget.limitKib) continue
        this.error(
          `${budget.name}: expected at most ${budget.limitKib} KiB of gzipped JavaScript, got ${kib.toFixed(1)}`,
        )
      }
    },
  }
}
