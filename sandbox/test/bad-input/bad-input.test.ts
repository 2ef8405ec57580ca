import { describe, expect, test } from 'vitest'
import { type Outcome, type ProgramFiles, runInSandbox, runOnNode } from '../run-both.ts'

const deep = 100_000
const nested = (open: string, close = '', count = deep) => open.repeat(count) + close.repeat(count)

/** Sources that no parser takes, by name. */
const unparsable: Record<string, string> = {
  'semicolon.cjs': 'const a = 1\nlet b = ;\n',
  'semicolon.mjs': 'const a = 1\nlet b = ;\n',
  'semicolon.js': 'function (\n',
  'open-block.cjs': 'if (true) {\n',
  'open-template.cjs': 'const a = `abc\n',
  'open-string.cjs': 'const a = "abc\n',
  'open-regexp.cjs': 'const a = /abc\n',
  'bad-regexp.cjs': 'const a = /(/\n',
  'declared-twice.cjs': 'let a; let a;',
  'strict.cjs': '"use strict"; with (a) {}',
  'octal.mjs': 'const a = 010',
  'returns.mjs': 'return 1',
  'declared-export.mjs': 'export const a = 1; export { a }',
  'missing-export.mjs': 'export { b }',
  'nul.cjs': 'console.log(1)\0\n',
  'tabs.cjs': '\tlet a = 1;\n\t\tlet = = 2\n',
  'carriage-return.cjs': 'let a = 1\r\nlet b = ;\r\n',
  'wide.cjs': 'const 名 = "日本語"; let b = ;\n',
  'illegal.cjs': 'let a = @;',
  'illegal-wide.cjs': 'let a = §;',
  'digits.cjs': 'let a = 3in [];',
  'underscores.cjs': 'let a = 1__0;',
  'long-line.cjs': `${'/* pad */ '.repeat(300)}let a = ;\n`,
  'replacement.cjs': '\ufffdPNG\r\n\u001a\n',
  'open-brackets.cjs': nested('('),
  'megabytes.cjs': `/*${'x'.repeat(10_000_000)}*/\nlet a = ;`,
}

/** Programs that V8 stops in the middle, or that look as if it should. */
const extreme: Record<string, string> = {
  'parentheses.cjs': `${nested('(')}1${')'.repeat(deep)}`,
  'parentheses.mjs': `${nested('(')}1${')'.repeat(deep)}`,
  'arrays.cjs': nested('[', ']'),
  'blocks.cjs': nested('{', '}'),
  'functions.cjs': nested('function f(){', '}', 20_000),
  'arrows.cjs': `${nested('x=>')}1`,
  'negations.cjs': `${nested('!')}1`,
  'conditions.cjs': `${nested('if(1)')};`,
  'sum.cjs': `${nested('1+')}1; console.log('sum')`,
  'data.cjs': `console.log(typeof JSON.parse('['.repeat(${deep}) + ']'.repeat(${deep})))`,
  'overflow.cjs': 'function f() { return f() + 1 }\nf()\n',
  'overflow.mjs': 'function f() { return f() + 1 }\nf()\n',
  'overflow-caught.cjs':
    'function f() { f() }\ntry { f() } catch (e) { console.log(e instanceof RangeError, e.message) }',
  'overflow-getter.cjs': 'const o = { get a() { return this.a } }\no.a\n',
  'overflow-timer.cjs': 'setTimeout(function f() { f() }, 1)\n',
  'overflow-reaction.cjs': 'Promise.resolve().then(function f() { f() })\n',
  'overflow-spread.cjs': 'Math.max(...Array(1e6).fill(1))\n',
  'large-source.cjs': `const a = [${'1,'.repeat(5_000_000)}]; console.log(a.length)`,
  'large-string.cjs': `const a = "${'x'.repeat(10_000_000)}"; console.log(a.length)`,
  'many-lines.cjs': 'for (let i = 0; i < 1e4; i++) console.log("line", i)',
  'much-output.cjs': 'process.stdout.write("x".repeat(2e6)); console.error("e".repeat(1e6))',
}

/** Modules in circles, missing ones, and files that are not what their name says. */
const misplaced: Record<string, string> = {
  'circle-a.cjs':
    'exports.x = 1; const b = require("./circle-b.cjs"); console.log("a", b.z); exports.y = b.missing',
  'circle-function.cjs':
    'const { f } = require("./circle-function-b.cjs"); exports.g = () => 1; f()',
  'circle-a.mjs': 'import { b } from "./circle-b.mjs"; export const a = 1; console.log(b)',
  'circle-self.mjs': 'import * as me from "./circle-self.mjs"; export const q = 1; console.log(me)',
  'circle-mixed.mjs': 'import x from "./circle-mixed.cjs"; export const m = 1; console.log(x)',
  'circle-waiting.mjs': 'await import("./circle-waiting-b.mjs")',
  'circle-awaits.mjs': 'import "./circle-awaits-b.mjs"; await 1; console.log("a")',
  'absent.cjs': 'require("./nope.js")',
  'absent.mjs': 'import "./nope.js"',
  'absent-package.cjs': 'require("@a/b/c")',
  'absent-package.mjs': 'import "nope/sub"',
  'absent-builtin.cjs': 'require("node:nope")',
  'absent-builtin.mjs': 'import "node:nope"',
  'empty-name.cjs': 'require("")',
  'encoded-slash.mjs': 'import "./a%2fb.mjs"',
  'folder.mjs': 'import "."',
  'network.mjs': 'import "http://a.test/x.js"',
  'scheme.mjs': 'import "mod:x"',
  'text.txt': 'hello world',
  'page.html': '<html></html>',
  'element.jsx': 'const a = <div/>',
  'imports-text.mjs': 'import "./text.txt"',
  'requires-text.cjs': 'require("./text.txt")',
  'imports-element.mjs': 'import "./element.jsx"',
  'imports-json.mjs': 'import "./broken.json"',
  'no-extension': 'console.log("ran", typeof require)',
  'absent-name.mjs': 'import { nope } from "fs"',
}
const beside: ProgramFiles = {
  'circle-b.cjs': 'const a = require("./circle-a.cjs"); console.log("b", a.x, a.y); exports.z = 1',
  'circle-function-b.cjs': 'const { g } = require("./circle-function.cjs"); exports.f = () => g()',
  'circle-b.mjs': 'import { a } from "./circle-a.mjs"; export const b = a + 1',
  'circle-mixed.cjs': 'module.exports = 1; console.log(require("./circle-mixed.mjs"))',
  'circle-waiting-b.mjs': 'import "./circle-waiting.mjs"',
  'circle-awaits-b.mjs': 'import "./circle-awaits.mjs"; await 1; console.log("b")',
  'text.txt': 'hello world',
  'element.jsx': 'const a = <div/>',
  'broken.json': '{"a": 1,}',
}

describe.each(Object.entries({ unparsable, extreme, misplaced }))('%s', (_kind, programs) => {
  test.each(Object.keys(programs))('%s ends as on the pinned Node', async (name) => {
    const files = { [name]: programs[name] ?? '', ...without(beside, name) }
    const [real, ours] = await Promise.all([runOnNode(files), runInSandbox(files)])
    // Whole texts of megabytes make no readable difference.
    expect(comparable(ours)).toEqual(comparable(real))
  })
})

function without(files: ProgramFiles, name: string): ProgramFiles {
  return Object.fromEntries(Object.entries(files).filter(([other]) => other !== name))
}

/** Frames of Node's own loader differ where ours has fewer of them. */
function comparable({ stdout, stderr, exitCode }: Outcome) {
  const text = stderr
    .replaceAll(/\n {4}at .*\(?node:[\w/]+:\d.*/g, '')
    .replaceAll(/\(node:\d+\)/g, '(node:pid)')
  return { exitCode, stdout: shortened(stdout), stderr: shortened(text) }
}

const shortened = (text: string) => ({
  length: text.length,
  start: text.slice(0, 2000),
  end: text.slice(-2000),
})
