import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from '@vitest/runner'
import supertest from 'supertest'
import { expect } from './expect.ts'
import { createKit } from './kit.ts'
import { port } from './port.ts'
import { createRecorder } from './recorder.ts'
import { defineRehearsal, listenForRehearsal } from './rehearsal.ts'
import { runSuites } from './runner.ts'

/**
 * The judge's main program. It loads while the judge is warm, then waits for one `suite` message, runs it against the
 * candidate's program in the same world, and reports case by case. Suites may import `vitest`, `supertest`, `assay`
 * and Node's own modules.
 */

const vitest = { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test }
const recorder = createRecorder(() => performance.now())
const modules: Record<string, unknown> = { vitest, supertest }
const suiteFolder = '/judge/suite'
mkdirSync(suiteFolder, { recursive: true })
const load = createRequire(`${suiteFolder}/`)

port.on('suite', ({ files, seed, candidateFiles }) => {
  let currentFile = ''
  const kit = createKit({
    seed: seed as number,
    candidateFiles: candidateFiles as Record<string, string>,
    currentFile: () => currentFile,
  })
  modules.assay = kit
  const paths = Object.entries(files as Record<string, string>).map(([name, text]) => {
    const path = `${suiteFolder}/${name}`
    writeFileSync(path, text)
    return path
  })
  const onCaseStart = (file: string) => {
    currentFile = file
    port.emit({ kind: 'case-start' })
  }
  runSuites(paths, { recorder, importSuite: (path) => void load(path), onCaseStart }).then(
    () => port.emit({ kind: 'suite-done' }),
    (error: unknown) => {
      port.emit({ kind: 'suite-error', message: textOf(error) })
      port.emit({ kind: 'suite-done' })
    },
  )
})

port.on('rehearse', () => {
  rehearse().then(
    () => port.emit({ kind: 'rehearsed' }),
    (error: unknown) => port.emit({ kind: 'suite-error', message: textOf(error) }),
  )
})

/** One small suite against a server of our own, so that the real one meets code that V8 has compiled and seen run. */
async function rehearse(): Promise<void> {
  const path = `${suiteFolder}/rehearsal.cjs`
  writeFileSync(path, "const { test } = require('vitest')\nrequire('supertest')\ntest\n")
  const server = await listenForRehearsal()
  await runSuites([path], {
    recorder,
    importSuite(file) {
      load(file)
      defineRehearsal()
    },
    onCaseStart: () => port.emit({ kind: 'case-start' }),
  })
  recorder.take()
  rmSync(path)
  await new Promise((resolve) => server.close(resolve))
}

/** Answers the three names from this program's own bundle; everything else resolves as Node does. */
function interceptModules(): void {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }
  const original = loader._load
  loader._load = function interceptedLoad(request, ...rest) {
    return request in modules ? modules[request] : Reflect.apply(original, this, [request, ...rest])
  }
}

const textOf = (error: unknown) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

interceptModules()
port.emit({ kind: 'judge-ready' })
