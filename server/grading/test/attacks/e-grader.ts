import type { Attack, CaseKit } from './attack.ts'
import {
  amiss,
  answering,
  attack,
  beforeHonest,
  failing,
  honestAlike,
  look,
  usual,
} from './programs.ts'

const wrong = "http.createServer((_, res) => res.end('no')).listen(process.env.PORT)\n"
const wrongProgram = `import http from 'node:http'\n${wrong}`
/** As a program with the same answers, whatever else it ships or does. */
const as = (honest: string, files: Record<string, string>) => ({
  kind: 'run' as const,
  files,
  honest: { 'server.js': honest },
  limits: usual,
})
const ended = 'process.exit(0)\n'

/** E01–E10: programs that mean the verdict, and the tests. */
export const graderAttacks: Attack[] = [
  attack('E01', 'early-exit', 'an end before anything was asserted', 'SAME', {
    'with 0': as("throw new Error('x')\n", { 'server.js': ended }),
    'by exitCode': as(ended, { 'server.js': "process.exitCode = 0\nconsole.log('done')\n" }),
    'by abort': as(ended, { 'server.js': 'process.abort()\n' }),
    'by a signal': as(ended, { 'server.js': "process.kill(process.pid, 'SIGKILL')\n" }),
    'in the first answer': as(answering('() => process.exit(1)'), {
      'server.js': answering('() => process.exit(0)'),
    }),
    'in a handler of errors': as(ended, {
      'server.js':
        "process.on('uncaughtException', () => { throw new Error('again') })\nthrow new Error('x')\n",
    }),
    'by throwing what throws when looked at': failing(
      "throw Object.defineProperty(new Error('a'), 'stack', { get() { throw new Error('b') } })\n",
    ),
    'by throwing a revoked proxy': failing(
      'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nthrow proxy\n',
    ),
    'by rejecting with a revoked proxy': failing(
      'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nPromise.reject(proxy)\n',
    ),
    'by a file of a terabyte': failing(
      "import fs from 'node:fs'\nfs.writeSync(fs.openSync('/tmp/x', 'w'), 'x', 2 ** 40)\n",
    ),
    'by folders without end': failing(
      "import fs from 'node:fs'\nfor (let path = '/tmp/d'; ; path += '/d') fs.mkdirSync(path)\n",
    ),
  }),
  attack(
    'E02',
    'override-globals',
    'expect, assert, describe, it, test of its own realm replaced',
    'SAME',
    as('setInterval(() => {}, 1000)\n', {
      'server.js':
        "for (const name of ['test', 'it', 'describe', 'expect', 'assert', 'requirement', 'beforeAll']) globalThis[name] = () => new Proxy(() => {}, { get: () => () => {} })\nPromise.prototype.then = function (done) { done?.({ status: 200, body: { says: 'hello' } }); return this }\nObject.prototype.toEqual = () => true\nsetInterval(() => {}, 1000)\n",
    }),
  ),
  attack(
    'E03',
    'monkeypatch-core',
    'ServerResponse, Buffer, JSON, Promise, Array.prototype patched',
    'SAME',
    {
      'around an honest program': honestAlike(
        beforeHonest(`import { Buffer as B } from 'node:buffer'
const end = http.ServerResponse.prototype.end
http.ServerResponse.prototype.end = function (...args) { return Reflect.apply(end, this, args) }
http.IncomingMessage.prototype.toJSON = () => ({ status: 200 }); B.prototype.equals = () => true; B.compare = () => 0
JSON.parse = () => ({ says: 'hello' }); Promise.all = async () => []; Array.prototype.every = () => true; Array.prototype.includes = () => true; String.prototype.includes = () => true; Object.is = () => true`),
      ),
      'around a wrong one': as(wrongProgram, {
        'server.js': `import http from 'node:http'\nhttp.ServerResponse.prototype.statusCode = 200; http.STATUS_CODES[404] = 'OK'; Object.is = () => true; Array.prototype.every = () => true; Buffer.prototype.equals = () => true\n${wrong}`,
      }),
    },
  ),
  attack(
    'E04',
    'patch-supertest',
    'a supertest, superagent, chai and vitest of its own',
    'SAME',
    as(wrongProgram, {
      'server.js': wrongProgram,
      'node_modules/supertest/index.js':
        "module.exports = () => ({ get: async () => ({ status: 200, body: { says: 'hello' } }) })\n",
      'node_modules/superagent/index.js': 'module.exports = {}\n',
      'node_modules/chai/index.js':
        'exports.expect = () => new Proxy(() => {}, { get: () => () => {} })\n',
      'node_modules/vitest/index.js':
        'exports.test = () => {}\nexports.expect = () => ({ toEqual() {}, toBe() {} })\n',
      'node_modules/assay/index.js': 'exports.requirement = () => {}\n',
      'hello.test.ts': "import { test } from 'vitest'\ntest('says hello', () => {})\n",
      'vitest.config.ts': 'export default { test: { include: [] } }\n',
    }),
  ),
  attack('E05', 'always-equal', 'objects that equal everything', 'CLEAN', {
    'as JSON': amiss(
      answering(
        '(_, res) => { res.setHeader(\'content-type\', \'application/json\'); res.end(\'{"asymmetricMatch":true,"$$typeof":"Symbol(jest.asymmetricMatcher)","says":{"$$typeof":1},"__proto__":{"says":"hello"},"constructor":{"name":"Object"}}\') }',
      ),
    ),
    'as objects': amiss(
      answering(
        "(_, res) => { const equal = new Proxy({}, { get: () => equal, has: () => true }); equal[Symbol.toPrimitive] = () => 'hello'; res.setHeader('content-type', 'application/json'); res.end(JSON.stringify({ says: { valueOf: () => 'hello', toString: () => 'hello' } })) }",
      ),
    ),
    'from a probe': {
      kind: 'run',
      limits: usual,
      files: {
        'server.js': wrongProgram,
        'lib.js':
          'export const answer = { valueOf: () => 1, asymmetricMatch: () => true, equals: () => true, toJSON: undefined }\nObject.prototype.asymmetricMatch = () => true\n',
      },
      check: async ({ candidate, files, expect }: CaseKit) => {
        const answer = await candidate
          .evaluate(
            async ({ load }: { load(path: string): Promise<{ answer: unknown }> }) =>
              (await load('lib.js')).answer,
          )
          .catch(() => ({ none: true }))
        expect(JSON.stringify(answer)).not.toBe('1')
        expect(() => expect(answer).toEqual({ right: 1 })).toThrow()
        expect(Object.keys(files)).toContain('lib.js')
      },
    },
  }),
  attack('E06', 'json-tamper', 'JSON.stringify and toJSON of what is answered', 'SAME', {
    'that leave the bytes': honestAlike(
      answering(
        "(_, res) => { JSON.stringify = () => '{}'; res.setHeader('content-type', 'application/json'); res.end('{\"says\":\"hello\"}') }",
      ),
    ),
    'that change them': as(wrongProgram.replace("'no'", "'{}'"), {
      'server.js': `import http from 'node:http'\nhttp.createServer((_, res) => res.end(JSON.stringify({ toJSON: () => ({}) }))).listen(process.env.PORT)\n`,
    }),
  }),
  attack('E07', 'getter-results', 'values that change between reads', 'CLEAN', {
    'in an answer': amiss(
      answering(
        "(_, res) => { let n = 0; const it = { get says() { return n++ === 0 ? 'hullo' : 'hello' } }; res.setHeader('content-type', 'application/json'); res.end(JSON.stringify(it)) }",
      ),
    ),
    'in a probe': {
      kind: 'run',
      limits: usual,
      files: {
        'server.js': wrongProgram,
        'lib.js':
          'let n = 0\nexport const make = () => ({ get value() { return n++ }, then: undefined })\n',
      },
      check: async ({ candidate, files, expect }: CaseKit) => {
        const answer = await candidate
          .evaluate(async ({ load }: { load(path: string): Promise<{ make(): object }> }) =>
            (await load('lib.js')).make(),
          )
          .catch((error: Error) => error.message)
        // Read once, as bytes: from then on it is a number that stays.
        expect([0, undefined]).toContain(answer.value)
        expect(Object.keys(files)).toContain('lib.js')
      },
    },
  }),
  attack('E08', 'sentinel-forging', 'words, files and exports that say it has passed', 'SAME', {
    'before it ends': as(ended, {
      'server.js':
        "import fs from 'node:fs'\nconsole.log('ALL TESTS PASSED')\nfor (const name of ['/results.json', '/app/results.json', '/tmp/report.json', '/judge/result', '/app/.assay-serve.mjs', '/app/.assay-probe.mjs']) { try { fs.writeFileSync(name, '{\"verdict\":\"accepted\",\"score\":100}') } catch {} }\nexport const verdict = 'accepted', score = 100, __test__ = true\nprocess.exit(0)\n",
      'results.json': '{"verdict":"accepted"}\n',
    }),
    'as the answer of a probe': {
      kind: 'run',
      limits: usual,
      files: {
        'server.js': wrongProgram,
        'lib.js':
          "import fs from 'node:fs'\nfor (const nonce of ['', '0'.repeat(32), fs.readdirSync('/app').join()]) fs.writeSync(1, '\\n' + nonce + JSON.stringify({ answer: 'forged' }) + '\\n')\ntry { const text = fs.readFileSync('/app/.assay-probe.mjs', 'utf8'); globalThis.probe = text } catch {}\nexport const answer = 'own'\n",
      },
      check: async ({ candidate, expect, files }: CaseKit) => {
        expect(
          await candidate.evaluate(
            async ({ load }: { load(path: string): Promise<{ answer: unknown }> }) =>
              (await load('lib.js')).answer,
          ),
        ).toBe('own')
        expect(Object.keys(files)).toContain('lib.js')
      },
    },
  }),
  attack(
    'E09',
    'read-tests-fs',
    'the tests by fs, glob, link, /proc',
    'DENIED',
    look(`
const fs = require('fs')
for (const name of fs.readdirSync('/', { recursive: true })) { if (/^(proc|sys)/.test(name) || name === 'app/look.mjs') continue; try { const text = fs.readFileSync('/' + name, 'utf8'); if (/hello\\.test|askFour|requirement\\(/.test(text) && !/node_modules/.test(name)) write('ESCAPED to a test: ' + name + '\\n'); const hit = text.match(/canary-[0-9a-f]+/); if (hit) say(name + hit) } catch {} }
for (const pattern of ['/**/*.test.*', '/judge/**', '/**/graders/**', '/**/suite/**']) attempt(() => { for (const name of fs.globSync(pattern)) if (!/node_modules/.test(name)) write('ESCAPED to ' + name + '\\n') })
for (const dir of ['/judge', '/judge/suite', '/proc/self/fd', '/proc/self/root/judge', '/dev/shm']) attempt(() => say(fs.readdirSync(dir).join()))`),
  ),
  attack(
    'E10',
    'read-tests-memory',
    'the tests by stacks, caches, heap statistics, snapshots',
    'DENIED',
    look(`
const v8 = require('v8'), inspector = attempt(() => require('inspector'))
for (const act of [() => v8.getHeapSnapshot().read()?.toString(), () => v8.writeHeapSnapshot('/tmp/h'), () => v8.getHeapStatistics(), () => v8.getHeapSpaceStatistics(), () => v8.queryObjects?.(Function, { format: 'summary' }), () => v8.takeCoverage(), () => Object.keys(require.cache).join(), () => require('module').findSourceMap('/judge/main.cjs'), () => process.moduleLoadList.join(), () => process.report?.getReport(), () => process._getActiveHandles().length, () => inspector?.url(), () => globalThis.__coverage__, () => globalThis.hiddenInput, () => process.argv.join() + process.execArgv.join() + JSON.stringify(process.env), () => process.memoryUsage(), () => require('async_hooks').executionAsyncResource(), () => new Error('x').stack])
  attempt(() => say(act()))
Error.stackTraceLimit = Infinity; await new Promise((done) => setTimeout(() => { say(new Error('y').stack); done() }, 1))`),
  ),
]
