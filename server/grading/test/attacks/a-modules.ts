import type { Attack } from './attack.ts'
import { attack, honestAlike, look, looks } from './programs.ts'

const q = JSON.stringify

/** A28–A33, A38: ways through the loader, the builtins and what lies beneath them. */
export const moduleAttacks: Attack[] = [
  attack('A28', 'dynamic-import', 'import() of files, builtins, data:, file:, http:', 'DENIED', {
    'of every kind': look(
      ({ file, module, port }) => `
for (const name of ['fs', 'node:fs', 'node:process', 'data:text/javascript,export default process', 'file://' + ${q(file)}, ${q(file)}, ${q(module)}, 'http://127.0.0.1:${port}/x.mjs', 'https://127.0.0.1:${port}/x.mjs', 'file:///proc/self/environ', '/proc/self/environ', 'node:internal/bootstrap/realm', 'internal/test/binding', 'node:internal/test/binding', 'assay:slots', 'assay:isolate', 'node:sea', 'node:test', 'isolated-vm', '/judge/suite/hello.test.ts', 'blob:nodedata:x', 'wasm:x'])
  await import(name).then((it) => { spill(it); spill(it.default); say(name + ' ' + Object.keys(it).slice(0, 5)); attempt(() => say(it.readFileSync(bait.file, 'utf8'))); attempt(() => say(it.default.readFileSync(bait.file, 'utf8'))) }, refuse)
say(import.meta.url); say(import.meta.dirname); attempt(() => say(import.meta.resolve('x')))`,
    ),
    'of a file': look(({ file }) => `say(JSON.stringify(await import('file://' + ${q(file)})))`),
  }),
  attack(
    'A29',
    'require-traversal',
    'paths that climb, absolute, encoded, UNC, node:, with a NUL',
    'DENIED',
    {
      'by require': look(
        ({ file, module }) => `
const up = '../'.repeat(20), enc = encodeURIComponent(${q(file)})
for (const name of [${q(file)}, up + ${q(file)}, './' + up + ${q(file)}, 'file://' + ${q(file)}, enc, up + enc, '..%2f'.repeat(20) + ${q(file)}, '\\\\\\\\localhost' + ${q(file)}, '//' + ${q(file)}, ${q(file)} + '\\0.js', ${q(file)} + '\\0', ${q(module)}, up + ${q(module)}, 'bait', 'node:' + ${q(file)}, 'node:fs/../' + ${q(file)}, '/proc/self/cwd/' + ${q(file)}, '/proc/self/root' + ${q(file)}, '/dev/fd/3', 'isolated-vm', 'fastify', 'better-sqlite3', 'vitest', '/app/node_modules/../../' + ${q(file)}, 'express/../../../../../../' + ${q(file)}, 'express/../../../package.json', '/app/node_modules/express/../../../../package.json'])
  { attempt(() => say(require(name))); attempt(() => say(require.resolve(name))); attempt(() => say(createRequire(name)('bait'))); attempt(() => say(createRequire(${q(file)})(name))) }
require.paths = [${q(file)}]; process.env.NODE_PATH = ${q(module.replace(/\/bait$/, ''))}; attempt(() => require('module')._initPaths()); attempt(() => say(require('bait'))); attempt(() => say(require('module').globalPaths.join()))`,
      ),
      'by the file system': look(
        ({ file }) => `
const fs = require('fs'), up = '../'.repeat(20)
for (const name of [${q(file)}, up + ${q(file)}, ${q(file)} + '\\0', 'file://' + ${q(file)}, Buffer.from(${q(file)}), '/proc/self/environ', '/proc/1/environ', '/proc/self/cmdline', '/proc/self/maps', '/proc/self/fd/3', '/dev/stdin', '/etc/passwd', '/etc/hostname', '/app/node_modules/../../../' + ${q(file)}, '/app/node_modules/express/../../../../..' + ${q(file)}])
  for (const act of [() => fs.readFileSync(name, 'utf8'), () => fs.readFileSync(new URL('file://' + name), 'utf8'), () => fs.readdirSync(name), () => fs.statSync(name).size, () => fs.realpathSync.native(name), () => fs.readlinkSync(name), () => { const fd = fs.openSync(name); return fs.readSync(fd, Buffer.alloc(100)) }, () => fs.cpSync(name, '/tmp/copy', { recursive: true }), () => fs.globSync(name), () => fs.opendirSync(name).readSync()?.name, () => fs.openAsBlob(name)]) attempt(() => say(act()))
for (let fd = 0; fd < 70; fd++) { attempt(() => { const bytes = Buffer.alloc(65536); say(bytes.subarray(0, fs.readSync(fd, bytes)).toString()) }); attempt(() => fs.writeSync(fd, 'x')); attempt(() => fd > 2 && fs.closeSync(fd)) }
for (const dir of ['/', '/app', '/tmp', '/app/node_modules', '/proc', '/home', '/root']) attempt(() => say(fs.readdirSync(dir).join()))`,
      ),
      'by a link': look(
        ({
          file,
        }) => `const fs = require('fs'); for (const to of [${q(file)}, '/', '/proc/self/root']) { attempt(() => fs.unlinkSync('link')); attempt(() => fs.symlinkSync(to, 'link')); attempt(() => say(fs.readFileSync('link', 'utf8'))); attempt(() => say(fs.readFileSync('link' + ${q(file)}, 'utf8'))); attempt(() => say(require('/app/link'))) }
attempt(() => fs.linkSync(${q(file)}, 'hard')); attempt(() => say(fs.readFileSync('hard', 'utf8'))); attempt(() => fs.symlinkSync(${q(file)}, '/app/node_modules/bait.cjs')); attempt(() => say(require('bait.cjs')))`,
      ),
      'by climbing': look(
        ({ file }) => `say(require('fs').readFileSync('../'.repeat(20) + ${q(file)}, 'utf8'))`,
      ),
    },
  ),
  attack(
    'A30',
    'builtin-reach',
    'process.binding, internalBinding, getBuiltinModule, dlopen, children, workers',
    'DENIED',
    {
      'files by bindings': look(
        ({ file }) => `
const fs = process.binding('fs'); say(Object.keys(fs).length); attempt(() => say(fs.readFileUtf8(${q(file)}, 0))); attempt(() => say(fs.open(${q(file)}, 0, 0))); attempt(() => say(fs.internalModuleStat(${q(file)}))); attempt(() => say(fs.readPackageJSON?.(${q(file)})))
for (const name of ['internalBinding', '_linkedBinding', '_debugProcess', '_kill', 'dlopen', '_rawDebug', 'openStdin', 'setuid', 'chdir', 'umask']) attempt(() => say(process[name]?.(${q(file)})))
attempt(() => say(globalThis.internalBinding)); attempt(() => process._linkedBinding('isolated_vm')); attempt(() => require('internal/test/binding'))`,
      ),
      'by getBuiltinModule':
        look(`for (const name of ['fs', 'child_process', 'worker_threads', 'cluster', 'inspector', 'inspector/promises', 'process', 'module', 'vm', 'repl', 'wasi', 'internal/process/execution', 'trace_events', 'v8', 'diagnostics_channel', 'sqlite', 'sea']) { const it = attempt(() => process.getBuiltinModule(name)); if (it) { spill(it); attempt(() => say(it.execFileSync?.('cat', [bait.file], { encoding: 'utf8' }))); attempt(() => say(it.readFileSync?.(bait.file, 'utf8'))); attempt(() => it.open?.(0)); attempt(() => it.setupPrimary?.({ exec: bait.file })); attempt(() => it.fork?.(bait.file)) } }
attempt(() => { const { Session } = require('inspector'); const s = new Session(); s.connect(); s.post('Runtime.evaluate', { expression: 'process.env' }, (_, r) => say(r)) })
attempt(() => new (require('wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } })); attempt(() => require('sqlite').DatabaseSync && new (require('sqlite').DatabaseSync)(bait.file)); attempt(() => say(require('v8').setFlagsFromString('--allow-natives-syntax'))); attempt(() => spill(eval('%GetOptimizationStatus(() => {})')))`),
      'a native module': look(
        "for (const name of ['/lib/x86_64-linux-gnu/libc.so.6', '/app/x.node']) { attempt(() => process.dlopen({ exports: {} }, name)); attempt(() => require('module')._extensions['.node']({ exports: {} }, name)); attempt(() => require(name)) }",
      ),
      'a child process': look(
        "const cp = require('child_process'); for (const name of ['execFileSync', 'spawnSync', 'execSync']) attempt(() => say(cp[name]('cat', [bait.file], { encoding: 'utf8' }))); for (const name of ['spawn', 'exec', 'execFile', 'fork']) await new Promise((done) => { const child = attempt(() => cp[name]('cat', [bait.file])); if (!child) return done(); child.stdout?.on('data', (d) => say(d)); child.on('error', (e) => { refuse(e); done() }); child.on('exit', done) })",
      ),
      'a worker': look(
        ({ file }) =>
          `const { Worker } = require('worker_threads'); for (const options of [[${q(file)}], ['require("fs")', { eval: true }], [new URL('data:text/javascript,1')]]) await new Promise((done) => { const w = attempt(() => new Worker(...options)); if (!w) return done(); w.on('message', say).on('error', (e) => { refuse(e); done() }).on('exit', done) })`,
      ),
      'a port of this machine': look(
        ({ port }) => `
const net = require('net'), http = require('http'), dgram = require('dgram')
for (const host of ['127.0.0.1', 'localhost', '0.0.0.0', '::1', '::ffff:127.0.0.1', '2130706433', '0x7f000001', '169.254.169.254', 'host.docker.internal'])
  await new Promise((done) => { const s = attempt(() => net.connect(${port}, host)); if (!s) return done(); s.on('data', (d) => { say(d); done() }).on('error', (e) => { refuse(e); done() }).on('connect', () => s.write('GET / HTTP/1.0\\r\\n\\r\\n')); setTimeout(done, 500) })
for (const url of ['http://localhost:${port}/', 'http://127.0.0.1:${port}/', 'http://[::1]:${port}/']) { await fetch(url).then(async (r) => say(await r.text()), refuse); await new Promise((done) => http.get(url, (r) => r.on('data', say).on('end', done)).on('error', (e) => { refuse(e); done() })) }
await new Promise((done) => { const s = attempt(() => net.connect('/var/run/docker.sock')); if (!s) return done(); s.on('error', (e) => { refuse(e); done() }).on('connect', done) })
attempt(() => dgram.createSocket('udp4').send('x', ${port}, '127.0.0.1', (e) => e && refuse(e)))`,
      ),
    },
  ),
  attack('A31', 'loader-poison', 'module.constructor, _load, cache and extensions edited', 'SAME', {
    'of its own': honestAlike(`import http from 'node:http'
import { createRequire, Module } from 'node:module'
const require = createRequire(import.meta.url)
Module._load = () => ({}); Module._resolveFilename = () => '/app/server.js'; Module.prototype._compile = () => {}; Module._findPath = () => '/x'; Module.wrap = () => 'x'; Module._nodeModulePaths = () => ['/']
for (const key of Object.keys(require.extensions)) require.extensions[key] = () => {}
for (const key of Object.keys(require.cache)) delete require.cache[key]
require.cache.http = { exports: {} }
http.createServer((_, res) => { res.setHeader('content-type', 'application/json'); res.end('{"says":"hello"}') }).listen(process.env.PORT)
`),
    'for the module after it': look(
      ({ file }) => `
const { Module } = require('module'), original = Module._load
Module._load = function (request, parent, isMain) { spill(parent?.constructor); spill(this); return original.call(this, request, parent, isMain) }
Module._extensions['.js'] = Module._extensions['.cjs'] = (module, name) => { say(name); module._compile('module.exports = process', name) }
attempt(() => spill(require(${q(file)}))); attempt(() => spill(require('express'))); Module._resolveFilename = () => ${q(file)}; attempt(() => say(require('x')))
attempt(() => { const m = new Module(${q(file)}); m.load(${q(file)}); say(m.exports) }); attempt(() => { Module.registerHooks({ resolve: () => ({ url: 'file://' + ${q(file)}, format: 'commonjs', shortCircuit: true }), load: (url) => ({ format: 'module', source: 'export default process.env', shortCircuit: true }) }) }); await import('zzz').then((it) => say(it.default.ASSAY_BAIT ?? 'own'), refuse)`,
    ),
  }),
  attack(
    'A32',
    'stub-binding-abuse',
    'our bindings by handles and symbols inside of Node',
    'DENIED',
    look(`
const net = require('net'), http = require('http'), hooks = require('async_hooks'), zlib = require('zlib'), crypto = require('crypto'), fs = require('fs')
const seen = new Set()
const walk = (value, depth) => { if (depth > 4 || value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value) || seen.size > 50000) return; seen.add(value); if (seen.size < 400) spill(value.constructor?.constructor); for (const key of [...Reflect.ownKeys(value)]) { let d; try { d = Reflect.getOwnPropertyDescriptor(value, key) } catch { continue } for (const next of [d?.value, d?.get, d?.set]) { if (typeof next === 'function') { let answer; try { answer = next.length <= 3 && /door|refused/.test(next) && next('mount.list') } catch {} if (answer && (answer.refused || Array.isArray(answer))) write('ESCAPED to the door\\n') } walk(next, depth + 1) } } try { walk(Reflect.getPrototypeOf(value), depth + 1) } catch {} }
const server = http.createServer((req, res) => { walk(req, 0); walk(res, 0); walk(hooks.executionAsyncResource(), 0); res.end() }).listen(0)
await new Promise((done) => server.on('listening', done))
const socket = net.connect(server.address().port); await new Promise((done) => socket.on('connect', done)); socket.write('GET / HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n\\r\\n'); await new Promise((done) => socket.on('data', () => {}).on('close', done))
for (const it of [server, socket, zlib.createGzip(), crypto.createHash('md5'), crypto.createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16)), crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }), new hooks.AsyncResource('x'), setTimeout(() => {}, 1), setImmediate(() => {}), new MessageChannel(), fs.createReadStream('/app/look.mjs'), await fs.promises.open('/app/look.mjs'), new AbortController(), new TextDecoder(), new Blob(['x']), process.stdin, process.stdout, require('perf_hooks').createHistogram(), new URLPattern('/x'), new (require('vm').Script)('1'), process._getActiveHandles(), process.binding('util')]) attempt(() => walk(it, 0))
hooks.createHook({ init(id, type, trigger, resource) { walk(resource, 1) } }).enable(); fs.promises.readFile('/x').catch(() => {}); setTimeout(() => {}, 1)
await new Promise((done) => setTimeout(done, 5)); say(seen.size > 500); if (seen.size < 500) throw new Error('walked too little ' + seen.size); server.close()`),
  ),
  attack(
    'A38',
    'cached-data-plant',
    'a compile cache of its own',
    'DENIED',
    looks({
      'of scripts and functions': `
const vm = require('vm'), v8 = require('v8')
const real = attempt(() => new vm.Script('1 + 1').createCachedData()), forged = [real, Buffer.alloc(0), Buffer.alloc(64, 1), Buffer.alloc(4096, 255), real && Buffer.concat([real.subarray(0, 32), Buffer.alloc(500, 65)])]
for (const cachedData of forged) { attempt(() => { const s = new vm.Script('1 + 1', { cachedData }); say(s.cachedDataRejected); say(s.runInThisContext()) }); attempt(() => vm.compileFunction('return 1', [], { cachedData, produceCachedData: true })()); attempt(() => new vm.SourceTextModule('1', { cachedData })) }
for (const act of [() => require('module').enableCompileCache('/tmp/c'), () => require('module').flushCompileCache(), () => say(require('module').getCompileCacheDir()), () => v8.startupSnapshot.setDeserializeMainFunction(() => {}), () => v8.setFlagsFromString('--code-cache'), () => require('v8').setHeapSnapshotNearHeapLimit?.(1)]) attempt(act)`,
      'in the place of a catalog bundle': `
const fs = require('fs'); for (const dir of ['/app/node_modules', '/app/node_modules/express']) attempt(() => { for (const name of fs.readdirSync(dir)) { attempt(() => fs.writeFileSync(dir + '/' + name, 'planted')); attempt(() => fs.rmSync(dir + '/' + name, { recursive: true })) } })
attempt(() => fs.mkdirSync('/app/node_modules/.assay', { recursive: true })); attempt(() => fs.writeFileSync('/app/node_modules/.assay/web.cjs', 'module.exports = 1')); const express = attempt(() => require('express')); say(typeof express)`,
    }),
  ),
]
