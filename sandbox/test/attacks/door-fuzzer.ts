import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ivm from 'isolated-vm'
import { createDoor, type DoorHost, doorOps } from '../../guest/door/door.ts'
import { recordingNoFrames } from '../../guest/host-frames.ts'
import { loadFacts } from '../../runtime/facts.ts'
import { callDoorAtRandom } from './door-calls.ts'
import { choices } from './random.ts'

/**
 * A process of its own, for it may die: `door-fuzzer.ts <cacheDir> <seed> <milliseconds>` calls every operation of a real
 * door from inside of real isolates, and prints one report as JSON.
 */
const [, , cacheDir = '', seedText = '1', milliseconds = '1000'] = process.argv
const checkout = join(import.meta.dirname, '../../..')
const countPerIsolate = 1500
const until = performance.now() + Number(milliseconds)
const report = { seed: Number(seedText), tries: 0, refusals: 0, faults: [] as string[] }

for (let seed = report.seed; performance.now() < until && report.faults.length === 0; seed++) {
  const isolate = new ivm.Isolate({ memoryLimit: 256 })
  const context = isolate.createContextSync()
  const host: DoorHost = {
    isolate,
    context,
    facts: loadFacts(cacheDir),
    mounts: [{ at: '/mounted', root: mkdtempSync(join(tmpdir(), 'assay-fuzz-')) }],
    isTrackingContext: seed % 2 === 0,
    startedAtMs: performance.now(),
    compiledBundles: new Map(),
    copyBytes: (bytes) => new ivm.ExternalCopy(bytes.buffer as ArrayBuffer),
    catalogBundle: () => null,
    onOutput() {},
    onPrint() {},
    onExit() {},
    tellTls: () => undefined,
    hasExited: () => false,
  }
  const ops = doorOps(host)
  const call = isolate
    .compileScriptSync(
      `(function (door, json) { globalThis.answer = (${callDoorAtRandom})(door, ${choices}, json) })`,
    )
    .runSync(context, { reference: true })
  const json = JSON.stringify({
    names: Object.keys(ops),
    seed,
    count: countPerIsolate,
    forbidden: [checkout, process.execPath],
  })
  try {
    recordingNoFrames(() => call.applySync(undefined, [createDoor(host, ops), json]))
  } catch (error) {
    // A rejection that nobody handled comes out of the call that ran; the answer is where it was left.
    if (isolate.isDisposed) report.faults.push(`seed ${seed}: the isolate ended: ${error}`)
  }
  const answer = isolate.isDisposed ? undefined : context.global.getSync('answer')
  if (typeof answer === 'string') {
    const { calls, refusals, bad } = JSON.parse(answer) as {
      calls: number
      refusals: number
      bad: string[]
    }
    report.tries += calls
    report.refusals += refusals
    report.faults.push(...bad.map((each) => `seed ${seed}: ${each}`))
  }
  const { a, b } = {} as { a?: unknown; b?: unknown }
  if (a !== undefined || b !== undefined)
    report.faults.push(`seed ${seed}: the host's prototypes are polluted`)
  if (!isolate.isDisposed) isolate.dispose()
}
process.stdout.write(`${JSON.stringify(report)}\n`)
// Handles of the host's libraries are the process's to end.
process.exit(0)
