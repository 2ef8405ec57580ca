import type { Attack, CaseKit, Trial } from './attack.ts'
import type { Bait } from './bait.ts'

/** What every text of an attack has at hand: `say` prints evidence, `spill` gets all it can out of a foreign object. */
const prelude = (bait: Bait) => `import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const bait = ${JSON.stringify({ file: bait.file, module: bait.module, port: bait.port })}
const { writeSync } = require('fs')
const write = (line) => { writeSync(1, line) }
const text = (what) => { try { return String(what) } catch { return 'no text' } }
const told = Object.create(null)
const match = String.prototype.match, apply = Reflect.apply, slice = String.prototype.slice
const found = (what) => { const t = text(what); const short = apply(slice, t, [0, 300]); if (told[short]) return; told[short] = true; write('found: ' + short + ' ' + (apply(match, t, [/canary-[0-9a-f]+/g]) ?? '') + '\\n') }
const say = (what) => found(typeof what === 'object' && what !== null ? JSON.stringify(what) : what)
const refuse = (error) => found('refused ' + text(error?.code) + ' ' + text(error?.message) + ' ' + text(error?.stack))
const attempt = (act) => { try { return act() } catch (error) { refuse(error); return undefined } }
const spill = (what) => {
  if (typeof what === 'function' && /exit|abort|kill|segfault|execve|_debug/i.test(what.name)) return
  for (const process of [
    () => what('return process')(), () => what('return this')().process, () => what.constructor.constructor('return process')(),
    () => what.constructor('return process')(), () => what, () => what.process, () => what.mainModule, () => what.global.process,
  ]) {
    try {
      const it = process()
      if (typeof it !== 'object' && typeof it !== 'function' || it === null) continue
      for (const look of [
        () => it.env?.ASSAY_BAIT, () => it.mainModule?.require('fs').readFileSync(bait.file, 'utf8'),
        () => it.getBuiltinModule?.('fs').readFileSync(bait.file, 'utf8'), () => it.binding?.('fs').readFileUtf8(bait.file, 0),
        () => it.require?.(bait.file), () => it('fs').readFileSync(bait.file, 'utf8'), () => it.execPath, () => it.cwd?.(),
        () => it.argv?.join(), () => it.stack,
      ]) { try { const seen = look(); if (seen !== undefined) say(seen) } catch (error) { refuse(error) } }
    } catch {}
  }
}
`

/** A program that looks for what is not its own; `body` may await. Its last line says that it came to its end. */
export const look = (body: string | ((bait: Bait) => string)): Trial => ({
  kind: 'look',
  text: (bait) =>
    `${prelude(bait)}try { await (async () => {\n${typeof body === 'string' ? body : body(bait)}\n})() } catch (error) { refuse(error) }\nwrite('looked\\n')\n`,
})

/** Many ways of the same kind. */
export const looks = (bodies: Record<string, string>): Record<string, Trial> =>
  Object.fromEntries(Object.entries(bodies).map(([title, body]) => [title, look(body)]))

export const answering = (handler: string) => `import http from 'node:http'
http.createServer(${handler}).listen(process.env.PORT)
`
export const accepting = (onSocket: string) => `import net from 'node:net'
net.createServer(${onSocket}).listen(process.env.PORT)
`
/** Does what the first case of the hello suite asks, and nothing else. */
export const honestAnswer =
  "(_, res) => { res.setHeader('content-type', 'application/json'); res.end('{\"says\":\"hello\"}') }"
export const honestProgram = answering(honestAnswer)

/** Half of the truth: text that goes before an honest program. */
export const beforeHonest = (text: string) => `${text}\n${honestProgram}`

/** Serves something, and none of the four requests may be met. */
export const meetsNothing = async ({ start, askFour, expect }: CaseKit) => {
  const { url } = await start()
  const answers = await askFour(url)
  expect(answers.filter((answer: string) => answer === 'passed')).toEqual([])
}

/** Every answer is that of the honest program. */
export const asHonest = async ({ start, startHonest, askFour, expect }: CaseKit) => {
  const answers = await askFour((await start()).url)
  const expected = await askFour((await startHonest()).url)
  expect(JSON.stringify(answers)).toBe(JSON.stringify(expected))
  expect(answers[0]).toBe('passed')
}

/** It cannot be started; the reason is told. */
export const doesNotStart = async ({ start, expect }: CaseKit) => {
  await expect(start()).rejects.toThrow(/before it listened|did not listen/)
}

export const amiss = (text: string): Trial => ({
  kind: 'case',
  files: { 'server.js': text },
  check: meetsNothing,
})
export const honestAlike = (text: string): Trial => ({
  kind: 'case',
  files: { 'server.js': text },
  check: asHonest,
})
export const failing = (text: string): Trial => ({
  kind: 'case',
  files: { 'server.js': text },
  check: doesNotStart,
})

/** The clock on the wall trips first. */
export const brief = { wallClockMs: 1200, cpuMs: 60_000 }
/** Memory trips first, or whatever else does. */
export const roomy = { wallClockMs: 15_000, cpuMs: 12_000 }
/** Processor time trips first, however busy the machine is. */
export const usual = { wallClockMs: 40_000, cpuMs: 3000, outputBytes: 65_536 }

/** Never returns. */
export const spins = (text: string): Trial => ({
  kind: 'run',
  files: { 'server.js': text },
  limits: brief,
  verify: (result) =>
    result.sentence === 'The program was still busy after 1.2 s and was stopped.' &&
    result.verdict === 'timeout'
      ? undefined
      : `expected the clock to end it, got ${result.limit}`,
})

/** Takes memory without end. */
export const hoards = (text: string): Trial => ({
  kind: 'run',
  files: { 'server.js': text },
  limits: roomy,
  verify: (result) =>
    result.verdict === 'memory' ? undefined : `expected memory to end it, got ${result.limit}`,
})

/** A table's entry. */
export const attack = (
  id: string,
  name: string,
  technique: string,
  expected: Attack['expected'],
  trials: Record<string, Trial> | Trial,
): Attack => ({
  id,
  name,
  technique,
  expected,
  trials: 'kind' in trials ? { '': trials as Trial } : trials,
})
