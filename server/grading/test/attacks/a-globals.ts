import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attack, CaseKit, Trial } from './attack.ts'
import { attack, honestAlike, look, looks } from './programs.ts'

/** What a program may break of its own realm before it serves. */
const replaced = [
  'JSON.stringify',
  'JSON.parse',
  'Reflect.apply',
  'Object.defineProperty',
  'Object.assign',
  'Object.entries',
  'Map.prototype.get',
  'Map.prototype.set',
  'WeakMap.prototype.get',
  'Set.prototype.add',
  'Array.prototype.push',
  'Array.prototype.shift',
  'Array.prototype.splice',
  'Array.prototype[Symbol.iterator]',
  'Array.prototype.map',
  'Uint8Array.prototype.set',
  'Uint8Array.prototype.subarray',
  'Uint8Array.prototype.slice',
  'String.prototype.slice',
  'Function.prototype.call',
  'Function.prototype.bind',
  'Promise.prototype.then',
  'globalThis.Map',
  'globalThis.String',
  'globalThis.Uint8Array',
  'globalThis.queueMicrotask',
]

/** Serves what is asked, on Node as well, after it has replaced one builtin: by one that throws, or that answers nonsense. */
const saboteur = (name: string, body: string) => `import http from 'node:http'
const server = http.createServer((_, res) => {
  res.setHeader('content-type', 'application/json')
  res.end('{"says":"hello"}')
})
${name} = function replacement() { ${body} }
server.listen(process.env.PORT)
`
const ours = /^(?:JSON|Reflect|Object|globalThis)\./

const sabotage = (): Record<string, Trial> => {
  const trials: Record<string, Trial> = {}
  for (const name of replaced) {
    for (const body of ["throw new Error('no')", "return 'x'"]) {
      const text = saboteur(name, body)
      // What the runtime's own code uses it has captured: these break nothing but themselves.
      const isHarmless = ours.test(name) && body.startsWith('throw')
      trials[`${name} ${body.slice(0, 6)}`] = isHarmless
        ? honestAlike(text)
        : {
            kind: 'case',
            files: { 'server.js': text },
            // It may break Node's own code in its realm. What it may not is to be believed, or to break the run.
            check: async ({ start, askFour, expect }: CaseKit) => {
              const answers = await start().then(
                ({ url }) => askFour(url),
                () => ['not started'],
              )
              expect(answers.slice(1).filter((answer: string) => answer === 'passed')).toEqual([])
            },
          }
    }
  }
  return trials
}

export const goldenPath = join(import.meta.dirname, 'fixtures/realm.json')
/** Prints the own keys of the global object and of `process`. */
export const keysProgram = `const names = (it) => Reflect.ownKeys(it).map(String).sort()
process.stdout.write(JSON.stringify({ globalThis: names(globalThis), process: names(process) }) + '\\n')
`

export const globalAttacks: Attack[] = [
  attack(
    'A34',
    'global-golden-list',
    'own keys of globalThis and process against a checked-in list',
    'DENIED',
    {
      '': {
        kind: 'case',
        files: () => ({ 'keys.mjs': keysProgram, 'golden.json': readFileSync(goldenPath, 'utf8') }),
        check: async ({ candidate, files, expect }: CaseKit) => {
          const { stdout } = await candidate.run('keys.mjs', {
            files: { 'keys.mjs': files['keys.mjs'] },
          })
          const { sandbox } = JSON.parse(files['golden.json'])
          expect(JSON.parse(stdout)).toEqual(sandbox)
        },
      },
    },
  ),
  attack(
    'A35',
    'codegen-policy',
    'code from strings',
    'DENIED',
    look(`
const Generator = Object.getPrototypeOf(function* () {}).constructor, Async = Object.getPrototypeOf(async () => {}).constructor, AsyncGenerator = Object.getPrototypeOf(async function* () {}).constructor
for (const make of [() => eval('process'), () => (0, eval)('this'), () => Function('return process')(), () => new Function('return globalThis')(), () => Generator('yield process')().next().value, () => require('vm').compileFunction('return process')(), () => require('vm').runInThisContext('this'), () => Reflect.construct(Function, ['return process'], Array)(), () => Function.prototype.constructor('return this')(), () => setTimeout('process'), () => setInterval('process', 1), () => setImmediate('process'), () => Function('}) , process; (function () {')(), () => Function('a = process', 'return a')()]) attempt(() => spill(make()))
spill(await Async('return process')()); spill((await AsyncGenerator('yield process')().next()).value); attempt(() => spill(new ShadowRealm().evaluate('globalThis')))
for (const text of ['}) }); globalThis.outside = this; (function () { return (function () {', '});globalThis.out2 = arguments;({', '*/ process /*']) { require('fs').writeFileSync('/tmp/t.cjs', text); attempt(() => require('/tmp/t.cjs')) }
spill(globalThis.outside); for (const each of globalThis.out2 ?? []) { spill(each); let a; try { a = each('mount.list') } catch {} if (a && (a.refused || Array.isArray(a))) write('ESCAPED to the door\\n') }`),
  ),
  attack(
    'A36',
    'lexical-probe',
    'what the runtime keeps, by computed keys, getters and setters',
    'DENIED',
    looks({
      'by keys': `
for (const key of Reflect.ownKeys(globalThis)) { const it = attempt(() => globalThis[key]); if (/assay|door|slot|port$/i.test(String(key)) && !/^(MessagePort|process|navigator)/.test(String(key))) write('ESCAPED to ' + String(key) + '\\n'); if (typeof it === 'function') { let a; try { a = Function.prototype.toString.call(it).includes('refused') } catch {} if (a) spill(it) } }`,
      'by getters and setters on prototypes': `
const kept = [], define = Object.defineProperty, keep = (x) => { define(kept, kept.length, { value: x, configurable: true, writable: true, enumerable: true }) }
const names = ['door', 'env', 'emit', 'on', 'op', 'args', 'host', 'port', 'loop', 'tree', 'facts', 'id', 'handle', 'callback', 'refused', 'fault', 'resolve', 'reject', 'take', 'load', 'meta', 'context', 'value', 'frame', 'state', 'get', 'set']
for (const name of names) define(Object.prototype, name, { configurable: true, get() { keep(this); return undefined }, set(value) { keep(this); keep(value); define(this, name, { value, writable: true, configurable: true, enumerable: true }) } })
for (let i = 0; i < 4; i++) define(Array.prototype, i, { configurable: true, get() { keep(this); return undefined }, set(value) { keep(value); define(this, i, { value, writable: true, configurable: true, enumerable: true }) } })
const iterate = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function () { keep(this); return Reflect.apply(iterate, this, []) }
for (const act of [() => require('crypto').createHash('sha256').update('x').digest(), () => require('zlib').gzipSync('x'), () => new URL('http://x/y'), () => require('fs').readdirSync('/'), () => require('fs').writeFileSync('/tmp/a', 'b'), () => require('vm').runInThisContext('1'), () => require('net').createServer().listen(0).close(), () => console.log('x'), () => new TextDecoder('latin1').decode(new Uint8Array(3)), () => setTimeout(() => {}, 1), () => process.hrtime(), () => process.memoryUsage(), () => structuredClone({ a: 1 }), () => new URLPattern('/x')]) try { act() } catch {}
await import('/tmp/zz.mjs').catch(() => {}); await new Promise((done) => setTimeout(done, 3))
for (const name of names) delete Object.prototype[name]; for (let i = 0; i < 4; i++) delete Array.prototype[i]; Array.prototype[Symbol.iterator] = iterate
let functions = 0
for (let i = 0; i < kept.length && i < 20000; i++) for (const each of [kept[i], ...Object.values(Object(kept[i])).slice(0, 50)]) { if (typeof each !== 'function') continue; functions++; let a; try { a = each('mount.list') } catch {} if (a && (a.refused || Array.isArray(a) && a[0]?.mountId === 0)) write('ESCAPED to the door\\n') }
say(kept.length + ' kept, ' + functions + ' functions')`,
    }),
  ),
  attack(
    'A37',
    'primordial-tamper',
    'builtins replaced before runtime code runs again',
    'CLEAN',
    sabotage(),
  ),
]
