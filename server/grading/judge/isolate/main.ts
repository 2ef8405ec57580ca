import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from '@vitest/runner'
import supertest from 'supertest'
import { expect } from './expect.ts'
import { createKit } from './kit.ts'
import { port } from './port.ts'
import { createRecorder } from './recorder.ts'
import { runSuites } from './runner.ts'

/**
 * The judge's main program. It loads while the judge is warm, then waits for one `suite` message, runs it against the
 * candidate's program in the same world, and reports case by case. Suites may import `vitest`, `supertest`, `assay`
 * and Node's own modules.
 */

const vitest = { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test }
const recorder = createRecorder(() => performance.now())

port.on('suite', ({ files, seed, candidateFiles }) => {
  let currentFile = ''
  const kit = createKit({
    seed: seed as number,
    candidateFiles: candidateFiles as Record<string, string>,
    currentFile: () => currentFile,
  })
  const globals = globalThis as unknown as Record<string, unknown>
  globals.__assayKit = kit
  const modules: Record<string, unknown> = { vitest, supertest, assay: kit }
  interceptModules(modules)
  mkdirSync('/judge/suite', { recursive: true })
  const paths = Object.entries(files as Record<string, string>).map(([name, text]) => {
    const path = `/judge/suite/${name}`
    writeFileSync(path, text)
    return path
  })
  const load = createRequire('/judge/suite/')
  runSuites(paths, {
    recorder,
    importSuite: (path) => {
      load(path)
    },
    onCaseStart(file) {
      currentFile = file
      port.emit({ kind: 'case-start' })
    },
  }).catch((error: unknown) => {
    port.emit({
      kind: 'suite-error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    port.emit({ kind: 'suite-done' })
  })
})

/** Answers the three names from this program's own bundle; everything else resolves as Node does. */
function interceptModules(modules: Record<string, unknown>): void {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }
  const load = loader._load
  loader._load = function interceptedLoad(request, ...rest) {
    return request in modules ? modules[request] : Reflect.apply(load, this, [request, ...rest])
  }
}

port.emit({ kind: 'judge-ready' })
