import type { Attack } from './attack.ts'
import { attack, look, looks } from './programs.ts'

/** A01–A06, A18–A27: ways from an object of the realm to one that is not its own. */
export const realmAttacks: Attack[] = [
  attack('A01', 'ctor-chain', 'the Function constructor by every reachable global', 'DENIED', {
    'of every global': look(`
for (const name of Reflect.ownKeys(globalThis)) {
  const value = attempt(() => globalThis[name])
  if (value === undefined || value === null) continue
  for (const each of [value, value.prototype, Object.getPrototypeOf(value)]) if (each) attempt(() => spill(each.constructor?.constructor ?? each.constructor))
}`),
    'of what requires gives': look(`
for (const name of require('module').builtinModules) {
  const value = attempt(() => require(name))
  if (value) for (const key of Object.keys(value).slice(0, 40)) attempt(() => { const each = value[key]; if (each) spill(each.constructor.constructor) })
}`),
    'of the environment': look(
      "say(JSON.stringify(process.env)); say(JSON.stringify([].constructor.constructor('return process')().env)); say(JSON.stringify(Object.keys(globalThis)))",
    ),
  }),
  attack('A02', 'ctor-chain-error', 'the same by an error of every host operation', 'DENIED', {
    'of each library that works on the host': look(`
const crypto = require('crypto'), zlib = require('zlib'), fs = require('fs'), vm = require('vm')
const throwing = [
  () => fs.readFileSync('/no-such'), () => fs.readdirSync('/no-such'), () => crypto.createHash('no-such'), () => crypto.createCipheriv('aes-256-cbc', 'a', 'b'),
  () => crypto.createPublicKey('no key'), () => crypto.scryptSync('a', 'b', 64, { N: 3 }), () => crypto.generateKeyPairSync('rsa', { modulusLength: 1 }),
  () => new crypto.X509Certificate('x'), () => crypto.createDiffieHellman(Buffer.alloc(0)), () => crypto.hkdfSync('no-such', '', '', '', 1),
  () => zlib.gunzipSync(Buffer.from('no gzip')), () => zlib.brotliDecompressSync(Buffer.from([255, 255])), () => zlib.zstdDecompressSync(Buffer.from([1])),
  () => new URL('::'), () => new URLPattern('(('), () => new TextDecoder('no-such'), () => new vm.Script('1 +'), () => vm.runInThisContext('null.x'),
  () => require('module').stripTypeScriptTypes('enum A {}'), () => require('perf_hooks').createHistogram({ lowest: 5, highest: 1 }),
  () => require('/no-such'), () => process.chdir('/no-such'), () => require('child_process').spawnSync('cat'), () => new (require('worker_threads').Worker)('x'),
  () => require('util').parseArgs({ args: ['--x'] }), () => structuredClone(() => {}), () => require('v8').deserialize(Buffer.from([1, 2, 3])), () => require('dgram').createSocket('udp4'),
]
for (const act of throwing) {
  try { act(); say('did not throw ' + act) } catch (error) { say(error.stack); spill(error.constructor.constructor); spill(error.cause); for (const key of Reflect.ownKeys(error)) spill(error[key]) }
}
for (const act of [() => import('/no-such.mjs'), () => import('data:text/javascript,1 +'), () => require('dns').promises.lookup('x.invalid'), () => fs.promises.readFile('/no-such'), () => crypto.subtle.importKey('raw', new Uint8Array(1), 'no', true, []), () => fetch('http://x.invalid')])
  await act().catch((error) => { say(error.stack); spill(error.constructor.constructor); spill(error.cause?.constructor.constructor) })`),
    'of a file': look(
      "try { require('fs').readFileSync('/no-such') } catch (error) { say(JSON.stringify(error.constructor.constructor('return process')().env)); say(error.stack) }",
    ),
  }),
  attack(
    'A03',
    'host-stack-leak',
    'stack, message and cause of bridge errors',
    'DENIED',
    looks({
      'with unlimited stacks': `
Error.stackTraceLimit = Infinity
for (const act of [() => require('crypto').createHash('x'), () => require('zlib').gunzipSync('x'), () => new URL('::'), () => require('vm').runInThisContext('null.x'), () => require('fs').openSync('/x')])
  try { act() } catch (error) { say(error.stack); say(error.message); say(error.cause); say(require('util').inspect(error, { showHidden: true, depth: 9 })) }`,
      'of copies of what was thrown': `
const told = [], vm = require('vm')
process.on('unhandledRejection', (error) => { told.push(error?.stack) }); process.on('uncaughtException', (error) => { told.push(error?.stack) })
for (const prepare of [Error.prepareStackTrace, undefined, (error) => 'none', null]) {
  Error.prepareStackTrace = prepare
  for (const code of ['null.x', 'throw new Error("x")', 'throw Object.freeze(new Error("y"))', 'throw { stack: 1 }', 'new Proxy({}, { get() { throw new RangeError("z") } }).x', 'Promise.reject(new Error("r"))', '(function f() { f() })()'])
    for (const run of [() => vm.runInThisContext(code), () => new vm.Script(code, { filename: 'f.js' }).runInThisContext({ displayErrors: false }), () => eval(code), () => setTimeout(() => eval(code), 1), () => process.nextTick(() => vm.runInThisContext(code)), () => Promise.resolve().then(() => vm.runInThisContext(code))]) try { run() } catch (error) { told.push(error?.stack) }
  for (let i = 0; i < 60; i++) Promise.reject(new Error('many ' + i))
  await new Promise((done) => setTimeout(done, 5))
}
Error.prepareStackTrace = undefined; for (const each of told) say(each); if (told.length < 100) throw new Error('told too little')`,
      'of an overflow inside a host operation': `
const vm = require('vm'), crypto = require('crypto'), stacks = []
const dive = (act) => { try { dive(act) } catch {} try { act() } catch (error) { try { stacks[stacks.length] = error.stack } catch {} } }
for (const act of [() => crypto.createHash('sha256').update('x').digest('hex'), () => vm.runInThisContext('1'), () => new URL('::'), () => vm.runInThisContext('null.x')]) attempt(() => dive(act))
say(stacks.length > 5); for (const each of stacks) say(each)`,
    }),
  ),
  attack(
    'A04',
    'handle-hunt',
    'objects of isolated-vm anywhere in the graph',
    'DENIED',
    look(`
const seen = new Set(), queue = [globalThis, require('module'), ...require('module').builtinModules.map((name) => { try { return require(name) } catch {} })]
const names = /^(Reference|ExternalCopy|Callback|Isolate|Context|Script|Module|NativeModule|InspectorSession)$/
let count = 0
while (queue.length > 0 && count < 200000) {
  const value = queue.pop()
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) continue
  seen.add(value); count++
  if (names.test(value.constructor?.name ?? '') && ['applySync', 'copySync', 'derefInto', 'createContextSync', 'createSnapshot'].some((name) => { try { return name in value } catch { return false } })) { write('ESCAPED to a handle\\n'); spill(value) }
  try { for (const key of Reflect.ownKeys(value)) { const d = Reflect.getOwnPropertyDescriptor(value, key); queue.push(d.value, d.get, d.set) } queue.push(Reflect.getPrototypeOf(value)) } catch {}
}
say('walked ' + (count > 5000))
if (count < 5000) throw new Error('walked too little')`),
  ),
  attack(
    'A05',
    'callback-props',
    'call, apply, bind, caller, arguments of functions that lead to the host',
    'DENIED',
    look(`
const functions = [require('crypto').randomBytes, require('zlib').crc32, require('vm').runInThisContext, require('fs').readFileSync, process.binding, process.reallyExit, process.hrtime, process.memoryUsage, process._getActiveHandles, require('url').domainToASCII]
for (const each of functions) {
  if (typeof each !== 'function') continue
  for (const name of ['call', 'apply', 'bind', 'caller', 'arguments', 'constructor', '__proto__']) attempt(() => spill(each[name]))
  attempt(() => spill(each.constructor)); attempt(() => spill(each.bind.constructor)); attempt(() => spill(Object.getPrototypeOf(each).constructor))
  attempt(() => { if (Object.getPrototypeOf(each) !== Function.prototype) { write('ESCAPED to a foreign function\\n') } })
}
function callee() { return callee.caller } attempt(() => spill(callee()))
attempt(() => spill(Function('return arguments.callee.caller')()))
attempt(() => [1].map(Function('spill', 'return () => spill(arguments.callee.caller)')(spill)))`),
  ),
  attack(
    'A06',
    'callback-source',
    'source text and frames of functions that lead to the host',
    'DENIED',
    look(`
const source = Function.prototype.toString
for (const name of require('module').builtinModules) { const it = attempt(() => require(name)); if (it) for (const key of Object.keys(it)) attempt(() => { if (typeof it[key] === 'function') { const text = source.call(it[key]); if (/isolated-vm|sandbox\\/|host\\.|node_modules/.test(text) && !/deps/.test(text)) say(text) } }) }
for (const key of Reflect.ownKeys(process)) attempt(() => { if (typeof process[key] === 'function') say(source.call(process[key])) })
Error.stackTraceLimit = 100
Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName() + ' ' + site.getEvalOrigin() + ' ' + site.getScriptNameOrSourceURL())
say(new Error().stack)
process.nextTick(() => say(new Error().stack)); setImmediate(() => say(new Error().stack))
await new Promise((done) => setTimeout(done, 5))`),
  ),
  attack(
    'A18',
    'callsite-capture',
    'CallSites, their this and their functions',
    'DENIED',
    look(`
Error.stackTraceLimit = Infinity
const sites = []
Error.prepareStackTrace = (_, all) => { sites.push(...all); return all }
const take = () => new Error('x').stack
take(); setTimeout(take, 1); process.nextTick(take); Promise.resolve().then(take); setImmediate(take)
require('fs').readFile('/no-such', take); require('crypto').randomBytes(4, take)
JSON.parse('[1]', take); [1].sort(take); require('vm').runInThisContext('(take) => take()')(take)
process.emit('x', take); require('events').once(process, 'zz').catch(() => {})
await new Promise((done) => setTimeout(done, 10))
for (const site of sites) for (const name of ['getThis', 'getFunction', 'getTypeName', 'getFunctionName', 'getFileName', 'getEvalOrigin', 'getPromiseIndex', 'toString']) attempt(() => { const got = site[name](); if (typeof got === 'string') found(got); else spill(got?.constructor ?? got) })
say(sites.length > 10); if (sites.length <= 10) throw new Error('too few sites')`),
  ),
  attack(
    'A19',
    'inspect-custom',
    'a custom inspection on what is logged',
    'DENIED',
    looks({
      'of the console': `
const hook = Symbol.for('nodejs.util.inspect.custom')
for (const write of [console.log, console.error, console.dir, console.table, console.trace, console.assert.bind(console, false)])
  write({ [hook](depth, options, inspect) { spill(options.constructor.constructor); spill(inspect.constructor); spill(options.stylize.constructor); return 'x' } })
console.log('%o %O %j', { [hook]: (...args) => { args.forEach((arg) => spill(arg)); return 'y' } }, {}, {})`,
      'with the handler of a proxy shown': `
const util = require('util')
say(util.inspect(new Proxy(Buffer.from('x'), { get: (...args) => { args.forEach((arg) => spill(arg?.constructor)); return Reflect.get(...args) } }), { showProxy: true, showHidden: true, depth: 10 }))`,
    }),
  ),
  attack(
    'A20',
    'toJSON-trap',
    'toJSON, toString, Symbol.toPrimitive of what is logged',
    'DENIED',
    look(`
const trap = function (...args) { spill(this?.constructor?.constructor); args.forEach((arg) => spill(arg)); return 'x' }
const it = { toJSON: trap, toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap, get [Symbol.toStringTag]() { return trap() } }
console.log(it); console.log('%s %d %i %f %j', it, it, it, it, it); console.log(\`\${it}\`); process.stdout.write(String(it) + '\\n'); attempt(() => process.stdout.write(it))
process.emitWarning(String(it)); attempt(() => { throw it }); attempt(() => require('http').request(it)); attempt(() => new URL(it))
process.env.X = it; attempt(() => require('crypto').createHash(it)); attempt(() => process.exitCode = it)`),
  ),
  attack(
    'A21',
    'array-species',
    'a species that answers itself, on arrays that cross',
    'DENIED',
    look(`
const kept = [], define = Reflect.defineProperty
const keep = (x) => { if (kept.length < 500) define(kept, kept.length, { value: x }) }
const evil = (array) => { function Species() { keep(array); return array } define(array, 'constructor', { value: { [Symbol.species]: Species } }); return array }
const species = Reflect.getOwnPropertyDescriptor(Array, Symbol.species), own = Reflect.getOwnPropertyDescriptor(Array.prototype, 'constructor')
const acts = [() => require('crypto').getHashes(), () => require('crypto').getCiphers().map((x) => x), () => require('perf_hooks').createHistogram().percentiles, () => require('zlib').gzipSync('x'), () => require('fs').readdirSync('/', { withFileTypes: true }), () => require('dns').getServers(), () => new URLPattern('/:a').exec('/x'), () => Buffer.concat([Buffer.from('a'), Buffer.from('b')]), () => require('module').findPackageJSON('x'), () => evil([1, 2]).concat([3]), () => evil([require('crypto')]).map((x) => x), () => Object.assign(evil([]), [1]).slice(0)]
for (const each of [() => define(Array, Symbol.species, { configurable: true, get: () => function Species(...args) { const made = []; keep(made); keep(args); return made } }), () => define(Array.prototype, 'constructor', { configurable: true, get: () => ({ [Symbol.species]: function () { const made = evil([]); keep(made); return made } }) })]) {
  each(); for (const act of acts) try { act() } catch {}
  define(Array, Symbol.species, species); define(Array.prototype, 'constructor', own)
}
for (let i = 0; i < kept.length; i++) for (const item of Object.values(kept[i]).slice(0, 5)) { spill(item?.constructor?.constructor); if (typeof item === 'function') spill(item) }`),
  ),
  attack(
    'A22',
    'promise-species',
    'a subclass with a hostile species around awaited calls',
    'DENIED',
    looks({
      'as the species of a promise': `
const got = []
class Fake { constructor(executor) { executor((x) => got.push(x), (e) => got.push(e)) } then() {} }
process.on('unhandledRejection', (e) => { got.push(e) })
const errs = async () => { const e = new Error(); e.name = Symbol(); return e.stack }
for (const make of [errs, () => require('fs').promises.readFile('/x'), () => crypto.subtle.digest('no', new Uint8Array()), () => import('/no.mjs'), () => fetch('http://x.invalid'), () => require('dns').promises.lookup('x.invalid')]) {
  const p = make(); p.constructor = { [Symbol.species]: Fake }; attempt(() => p.then()); attempt(() => p.finally(() => {})); p.catch?.(() => {})
}
let isFirst = true
const q = errs(); Object.defineProperty(q, 'constructor', { get() { if (isFirst) { isFirst = false; return Promise } return { [Symbol.species]: Fake } } }); attempt(() => q.then())
for (const name of ['all', 'race', 'any', 'allSettled', 'try', 'reject', 'resolve']) { Fake[name] = Promise[name]; attempt(() => Fake[name]([errs()])) }
attempt(() => Reflect.construct(Promise, [(_, no) => no(new RangeError('x'))], Fake))
await new Promise((done) => setTimeout(done, 20))
for (const each of got) { say(each?.stack); spill(each?.constructor?.constructor) }`,
      'as the one of Promise itself': `
Object.defineProperty(Promise, Symbol.species, { get: () => class { constructor(executor) { executor((x) => spill(x?.constructor?.constructor), (e) => { say(e?.stack); spill(e?.constructor?.constructor) }) } } })
Promise.prototype.then = new Proxy(Promise.prototype.then, { apply(then, self, args) { for (const arg of args) { spill(arg?.constructor); attempt(() => typeof arg === 'function' && say(Function.prototype.toString.call(arg).slice(0, 80))) } return Reflect.apply(then, self, args) } })
require('fs').promises.readFile('/no-such').catch(() => {}); crypto.subtle.digest('SHA-256', new Uint8Array()).catch(() => {})
require('http').get('http://x.invalid').on('error', () => {}); import('node:fs')`,
    }),
  ),
  attack(
    'A24',
    'async-generator-return',
    'yield* and return(thenable) at the edge of the stack',
    'DENIED',
    look(`
async function* outer() { yield* { [Symbol.asyncIterator]() { return this }, next: () => ({ value: 1, done: false }) } }
for (const depth of [100, 1000, 3000, 6000, 8000]) {
  const deep = (n) => { if (n > 0) return deep(n - 1); const e = new Error(); e.name = Symbol(); return e.stack }
  const it = outer(); await it.next()
  const result = await it.return({ then(yes, no) { deep(depth * 20) } }).catch((error) => error)
  spill(result?.value?.constructor?.constructor); spill(result?.constructor?.constructor); say(result?.value?.stack); say(result?.stack)
}`),
  ),
  attack(
    'A25',
    'error-containers',
    'SuppressedError, AggregateError, cause around host errors',
    'DENIED',
    look(`
const fs = require('fs'), crypto = require('crypto')
const open = (error, depth = 0) => { if (error === null || typeof error !== 'object' || depth > 5) return; say(error.stack); spill(error.constructor.constructor); for (const key of ['error', 'suppressed', 'cause', 'errors']) { const inner = error[key]; Array.isArray(inner) ? inner.forEach((each) => open(each, depth + 1)) : open(inner, depth + 1) } }
const hosts = [() => crypto.createHash('no'), () => fs.readFileSync('/no'), () => new URL('::'), () => { const e = new Error(); e.name = Symbol(); e.stack }]
for (const one of hosts) {
  attempt(() => { try { const stack = new DisposableStack(); stack.defer(one); stack.defer(one); stack.dispose() } catch (error) { open(error) } })
  try { eval('{ using a = { [Symbol.dispose]: one }; one() }') } catch (error) { open(error) }
  await eval('(async () => { await using a = { async [Symbol.asyncDispose]() { one() } }; one() })()').catch(open)
  await Promise.any([Promise.reject(new Error('x')), (async () => one())(), Promise.reject(1)]).catch(open)
  await Array.fromAsync({ async *[Symbol.asyncIterator]() { one() } }).catch(open)
  attempt(() => { try { one() } catch (cause) { open(new Error('x', { cause: new AggregateError([cause], 'y') })) } })
}
await Promise.any([fetch('http://a.invalid'), fetch('http://b.invalid')]).catch(open)
await new Promise((done) => require('net').connect({ host: 'localhost', port: 1 }).on('error', (error) => { open(error); done() }))`),
  ),
  attack(
    'A26',
    'wasm-jstag',
    'a host exception by the exception tags of WebAssembly',
    'DENIED',
    look(`
for (const way of [() => WebAssembly, () => globalThis['Web' + 'Assembly'], () => Function('return WebAssembly')(), () => require('vm').runInThisContext('WebAssembly'), () => require('vm').runInNewContext('WebAssembly'), () => require('vm').createContext().WebAssembly, () => new (require('worker_threads').Worker)('WebAssembly', { eval: true }), () => process.binding('wasm_web_api')])
  attempt(() => { const wasm = way(); if (wasm?.instantiate || wasm?.Memory) { write('ESCAPED to WebAssembly\\n'); spill(new wasm.Tag({ parameters: ['externref'] })); spill(wasm.JSTag) } })`),
  ),
  attack(
    'A27',
    'wasm-jspi',
    'a promise of WebAssembly.promising',
    'DENIED',
    look(`
const all = new Set()
const walk = (value, depth) => { if (depth > 3 || value === null || (typeof value !== 'object' && typeof value !== 'function') || all.has(value)) return; all.add(value); for (const key of Reflect.ownKeys(value)) { let next; try { next = Reflect.getOwnPropertyDescriptor(value, key).value } catch { continue } if (['promising', 'Suspending', 'instantiate', 'compileStreaming'].includes(key)) { write('ESCAPED to ' + String(key) + '\\n') } walk(next, depth + 1) } }
walk(globalThis, 0); for (const name of require('module').builtinModules) if (name !== 'wasi') walk(attempt(() => require(name)), 0)
await import('data:application/wasm;base64,AGFzbQEAAAA=').then(spill, refuse)
attempt(() => { require('fs').writeFileSync('a.wasm', Buffer.from('AGFzbQEAAAA=', 'base64')) }); await import('/app/a.wasm').then(spill, refuse)`),
  ),
]
