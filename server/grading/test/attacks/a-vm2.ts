import type { Attack } from './attack.ts'
import { attack, looks } from './programs.ts'

/**
 * A33: the techniques of vm2's public catalogue (its `docs/ATTACKS.md` and advisories), each written anew for this realm:
 * there is no membrane here to confuse, so every one ends in `spill`, which tells whether what it got is the host's.
 */
export const vm2Attacks: Attack[] = [
  attack(
    'A33',
    'vm2-techniques',
    'the techniques of the public catalogue of vm2',
    'DENIED',
    looks({
      'constructor and prototype chains': `
for (const it of [this, globalThis, globalThis.__proto__, Buffer.from('x'), process, require, import.meta, new Error(), Symbol, 1n, async () => {}, function* () {}, async function* () {}]) { attempt(() => spill(it.constructor.constructor)); attempt(() => spill(it.__proto__.constructor)); attempt(() => spill(it.__proto__.__proto__.constructor.constructor)) }
const getProto = ({}).__lookupGetter__('__proto__'), setProto = ({}).__lookupSetter__('__proto__')
for (const it of [Buffer, process, require, console, setTimeout]) attempt(() => { let at = it; for (let i = 0; i < 8 && at; i++) { at = Buffer.apply ? getProto.apply(at) : null; spill(at?.constructor) } })
attempt(() => spill(Buffer.apply(getProto, [Buffer, ['x']]))); attempt(() => { const at = getProto.call(Buffer.prototype), was = getProto.call(at); setProto.call(at, null); let got; try { got = require('crypto').createHash('md5').digest() } catch (error) { got = error } setProto.call(at, was); spill(got?.constructor?.constructor) })`,
      'traps on Object.prototype': `
const kept = []
const trap = { get() { throw (f) => { kept[kept.length] = f?.constructor } }, configurable: true }
for (const name of ['get', 'set', 'value', 'writable', 'code', 'message', 'refused', 'fault', 'thrown', 'error', 'failure', 'kind', 'bytes', 'id', 'length', 'name', 'stack', 'props', 'cause', 'encoding', 'flag', 'signal']) {
  Object.defineProperty(Object.prototype, name, { ...trap, __proto__: null })
  for (const act of [() => require('fs').readFileSync('/no'), () => require('crypto').createHash('no'), () => new URL('::'), () => Buffer.from(new Proxy({}, {})), () => require('zlib').gzipSync('x')]) try { act() } catch (error) { try { if (typeof error === 'function') error((x) => x); else kept[kept.length] = error } catch {} }
  delete Object.prototype[name]
}
for (const each of kept) spill(each?.constructor)`,
      'setters on Array.prototype': `
const kept = []
for (const index of [0, 1, 2, 3, 4, 5]) Object.defineProperty(Array.prototype, index, { configurable: true, set(value) { kept.push === undefined || Reflect.defineProperty(kept, kept.length, { value, configurable: true, writable: true }); Reflect.defineProperty(this, index, { value, configurable: true, writable: true, enumerable: true }) } })
for (const act of [() => require('crypto').createHash('sha256').update('x').digest(), () => require('zlib').gzipSync('x'), () => new Error('x').stack, () => require('fs').readdirSync('/'), () => { Error.prepareStackTrace = (_, sites) => sites; new Error().stack; delete Error.prepareStackTrace }, () => process.nextTick(() => {}), () => setTimeout(() => {}, 1), () => require('vm').runInThisContext('[1, 2, 3]'), () => new URLPattern('/:a').exec('/b')]) attempt(act)
for (const index of [0, 1, 2, 3, 4, 5]) delete Array.prototype[index]
for (const each of kept) { spill(each?.constructor?.constructor); if (typeof each === 'function') { let a; try { a = each('mount.list') } catch {} if (a && (a.refused || Array.isArray(a))) write('ESCAPED to the door\\n') } }`,
      'proxies as arguments and as what is thrown': `
const handler = new Proxy({}, { get: (_, name) => (...args) => { args.forEach((arg) => attempt(() => spill(arg?.constructor))); throw (f) => f.constructor('return process')() } })
const p = new Proxy(function () {}, handler)
for (const act of [() => Buffer.from(p), () => Buffer.alloc(1, p), () => console.log(p), () => { throw p }, () => structuredClone(p), () => new p(), () => Object.assign({}, p), () => process.emit('x', p), () => require('util').inspect(p, { showProxy: true }), () => require('fs').writeFileSync(p, p), () => JSON.stringify(p), () => require('vm').createContext(p), () => require('vm').runInContext('this', p), () => new Proxy(class {}, { construct: () => function () { return Object.getPrototypeOf(this).constructor.constructor('return process')() } })])
  try { act() } catch (error) { try { spill(error?.constructor?.constructor) } catch {} }
Buffer.prototype.__defineGetter__('toString', () => { throw p }); attempt(() => Buffer.from('x') + '')
const duck = { __proto__: Buffer.prototype, constructor: { name: 'Buffer', prototype: {} }, [Symbol.toStringTag]: 'Uint8Array', hexSlice: () => '', inspect: 1 }
attempt(() => say(require('util').inspect(duck, { showProxy: true, showHidden: true, depth: 10, stylize(...args) { args.forEach((arg) => spill(arg?.constructor)); return '' } })))
attempt(() => require('buffer').Buffer.prototype[Symbol.for('nodejs.util.inspect.custom')].call(duck, 2, { showProxy: true, seen: { push: spill } }, (...args) => { args.forEach((arg) => spill(arg)); return '' }))`,
      'functions replaced': `
const kept = []
for (const name of ['call', 'apply', 'bind']) { const original = Function.prototype[name]; Function.prototype[name] = function (...args) { kept[kept.length] = this; kept[kept.length] = args[0]; return Reflect.apply(original, this, args) } }
const defineProperty = Object.defineProperty; Object.defineProperty = (o, k, d) => { kept[kept.length] = o; return defineProperty(o, k, d) }
for (const name of ['get', 'set', 'has']) { const original = WeakMap.prototype[name]; WeakMap.prototype[name] = function (...args) { kept[kept.length] = this; kept[kept.length] = args[0]; kept[kept.length] = args[1]; return Reflect.apply(original, this, args) } }
Reflect.apply = new Proxy(Reflect.apply, { apply(f, s, args) { kept[kept.length] = args[0]; return f(...args) } })
for (const act of [() => require('crypto').createHash('sha256').update('x').digest(), () => require('zlib').gzipSync('x'), () => new URL('http://x'), () => require('fs').readdirSync('/'), () => console.log('x'), () => require('http').createServer().listen(0).close(), () => require('vm').runInThisContext('1')]) attempt(act)
await new Promise((done) => setTimeout(done, 2))
for (const each of kept.slice(0, 3000)) { let a; try { a = typeof each === 'function' && each.length === 0 && each('mount.list') } catch {} if (a && (a.refused || Array.isArray(a))) write('ESCAPED to the door\\n'); try { if (each?.constructor) spill(each.constructor.constructor) } catch {} }`,
      'caller, callee, with and unicode escapes': `
attempt(() => spill(Function('return this')().constructor.constructor)); attempt(() => Function('with (process) { return \\\\u0065nv }')()); attempt(() => spill(Function('function f() { return f.caller } return [1].map(f)[0]')()))
attempt(() => spill(eval('var \\\\u{70}rocess2 = process; process2'))); attempt(() => { const f = Function('try { throw new Error() } catch ({ constructor: { constructor: c } }) { return c("return process")() }'); spill(f()) })
for (const name of ['VM2_INTERNAL_STATE_DO_NOT_USE_OR_PROGRAM_WILL_FAIL', 'impor$', 'import$meta', 'ctx$', 'take', '__assayPort', 'door', 'env', 'boot', 'facts', 'intrinsics', 'primordials', 'internalBinding', 'guest', 'assay', 'global', 'hiddenInput']) attempt(() => { const it = eval(name); spill(it); spill(it?.constructor) ; if (name === 'door' || name === 'hiddenInput' || name === '__assayPort') write('ESCAPED to ' + name + '\\n') })`,
      'stack overflows that end in the realm of the host': `
const errors = []
const symbolic = () => { const e = new Error(); e.name = Symbol(); return e.stack }
const dive = (n, act) => { if (n > 0) return dive(n - 1, act); return act() }
for (const act of [symbolic, () => new URL('::'), () => require('crypto').createHash('no'), () => require('fs').readFileSync('/no'), () => eval('1 +'), () => require('vm').runInThisContext('1 +'), () => JSON.parse('{'), () => new Intl.DateTimeFormat('no-such-locale-x'), () => import('/no')])
  for (let n = 500; n < 14000; n += 331) try { dive(n, act) } catch (error) { errors.push(error) }
for (const error of errors) if (error.constructor.constructor !== Function) { write('ESCAPED to a foreign realm\\n'); spill(error.constructor.constructor) }
say(errors.length > 50)`,
      'contexts within contexts': `
const vm = require('vm')
for (const make of [() => vm.createContext({}), () => vm.createContext(vm.constants?.DONT_CONTEXTIFY), () => vm.createContext({ process: undefined })]) attempt(() => { const c = make(); for (const code of ['this', 'this.constructor.constructor("return process")()', 'globalThis', 'Function', '[].constructor', 'new Error().stack', 'import("fs")', 'async () => {}']) attempt(() => { const it = vm.runInContext(code, c, { importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER }); spill(it); spill(it?.constructor); spill(it?.constructor?.constructor); if (typeof it === 'string') say(it) }) })
attempt(() => spill(vm.runInNewContext('process', { process }))); attempt(() => new (require('module'))('x')._compile('module.exports = process', '/x')); attempt(() => spill(new vm.Script('process', { importModuleDynamically: () => {} }).runInThisContext())); attempt(() => vm.measureMemory({ mode: 'detailed', execution: 'eager' }).then(say, refuse))`,
      'buffers that show what was there before': `
for (const make of [() => Buffer.allocUnsafe(65536), () => Buffer.allocUnsafeSlow(1 << 20), () => Buffer(4096), () => new Uint8Array(Buffer.allocUnsafe(100).buffer), () => Buffer.from(require('crypto').createHash('md5').digest().buffer), () => Buffer.from(require('zlib').gzipSync('x').buffer), () => Buffer.from(require('fs').readFileSync('/app/look.mjs').buffer).subarray(0, 0), () => Buffer.from(require('crypto').randomBytes(4).buffer), () => Buffer.from(new TextEncoder().encode('x').buffer)])
  for (let i = 0; i < 20; i++) attempt(() => { const bytes = make(); const text = bytes.toString('latin1'); const hit = text.match(/canary-[0-9a-f]+|ASSAY_BAIT/); if (hit) say(hit[0]) })`,
      'symbols shared between realms': `
for (const name of ['nodejs.util.inspect.custom', 'nodejs.rejection', 'nodejs.util.promisify.custom', 'nodejs.stream.destroyed', 'nodejs.webstream.controllerErrorFunction', 'undici.globalDispatcher.1', 'nodejs.dispose']) { const symbol = Symbol.for(name); for (const it of [Object.prototype, Function.prototype, Error.prototype]) { Object.defineProperty(it, symbol, { configurable: true, value(...args) { args.forEach((arg) => spill(arg?.constructor ?? arg)); return 'x' } }) }
  attempt(() => console.log({}, () => {}, new Error('x'))); attempt(() => spill(globalThis[symbol])); attempt(() => require('util').promisify(setTimeout)(1)); await fetch('http://x.invalid').catch(() => {}); new (require('events'))({ captureRejections: true }).on('x', async () => { throw new Error('x') }).on('error', () => {}).emit('x')
  for (const it of [Object.prototype, Function.prototype, Error.prototype]) delete it[symbol] }
await new Promise((done) => setTimeout(done, 2))`,
      'receivers and descriptors': `
const d = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(process)); for (const key of Reflect.ownKeys(d)) { spill(d[key].value); spill(d[key].get) }
for (const it of [process, console, require, Buffer, globalThis, process.versions, process.config, process.release, process.features]) { for (const [key, desc] of Object.entries(Object.getOwnPropertyDescriptors(it))) { attempt(() => spill(desc.value?.constructor)); attempt(() => desc.get && spill(desc.get.call(Object.create(it))?.constructor)) } attempt(() => { const child = Object.create(it); child.x = 1; Reflect.set(it, 'y', 1, child); Object.assign(child, it); spill(child) }) }
say(process.config); say(process.execPath); say(process.argv.join()); say(process.title); say(process.cwd()); say(process.pid + ' ' + process.ppid); attempt(() => say(process.report?.getReport())); attempt(() => say(require('os').hostname() + JSON.stringify(require('os').userInfo()) + require('os').homedir() + JSON.stringify(require('os').networkInterfaces())))`,
    }),
  ),
]
