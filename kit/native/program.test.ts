import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { nativeNet } from './net.ts'
import { type Program, runProbe, runProgram, startProgram } from './program.ts'

const folders: string[] = []
const programs: Program[] = []

afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.kill('SIGKILL')
    await program.app.exit
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function makeFolder(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'native-kit-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text)
  return folder
}

async function start(files: Record<string, string>, options = {}) {
  const program = await startProgram(await makeFolder(files), 'main.mjs', options)
  programs.push(program)
  return program
}

const answer = `(req, res) => res.end(req.url + ' ' + process.env.TONE + ' ' + process.argv[2])`

test('a program that listens is awaited, with its environment and arguments', async () => {
  const text = `import { createServer } from 'node:http'
    setTimeout(() => createServer(${answer}).listen(process.env.PORT), 5)`
  const { app } = await start({ 'main.mjs': text }, { env: { TONE: 'low' }, args: ['loud'] })
  expect(await (await fetch(`${app.url}/here`)).text()).toBe('/here low loud')
})

test('a program that ignores PORT is found where it listens', async () => {
  const text = `import { createServer } from 'node:http'
    createServer((req, res) => res.end('found')).listen(0)`
  const { app } = await start({ 'main.mjs': text })
  expect(await (await fetch(app.url)).text()).toBe('found')
})

test('an exported request handler is served', async () => {
  const { app } = await start({ 'main.mjs': `export default ${answer}` })
  expect(await (await fetch(`${app.url}/served`)).text()).toMatch('/served')
})

test('an exported app with listen is asked to listen', async () => {
  const text = `import { createServer } from 'node:http'
    export default { listen: (port) => createServer((req, res) => res.end('own')).listen(port) }`
  const { app } = await start({ 'main.mjs': text })
  expect(await (await fetch(app.url)).text()).toBe('own')
})

test('a program that ends before it listens is refused with how it ended and why', async () => {
  const failing = start({ 'main.mjs': `throw new Error('no database')` })
  await expect(failing).rejects.toThrow(/exit code 1 before it listened[\s\S]*no database/)
  await expect(start({ 'main.mjs': '' })).rejects.toThrow('exit code 0 before it listened')
})

test('a signal reaches the program and its end is reported', async () => {
  const text = `import { createServer } from 'node:http'
    process.on('SIGTERM', () => process.exit(3))
    createServer(() => {}).listen(process.env.PORT)`
  const program = await start({ 'main.mjs': text })
  program.kill('SIGTERM')
  expect(await program.app.exit).toEqual({ code: 3, signal: null })
})

test('a file runs until it ends, whatever its exit code', async () => {
  const folder = await makeFolder({
    'run.mjs': `process.stdin.pipe(process.stdout)
      process.stdin.on('end', () => { console.error(process.env.TONE); process.exitCode = 4 })`,
  })
  const result = await runProgram(folder, 'run.mjs', { stdin: 'héllo', env: { TONE: 'dry' } })
  expect(result).toEqual({ stdout: 'héllo', stderr: 'dry\n', code: 4 })
})

test('a probe loads files of the folder and answers plain data', async () => {
  const folder = await makeFolder({ 'sum.mjs': 'export const sum = (a, b) => a + b' })
  const probe = `async ({ load, args }) => ({ sum: (await load('sum.mjs')).sum(...args), at: new Date(0) })`
  expect(await runProbe(folder, probe, [2, 3])).toEqual({ sum: 5, at: '1970-01-01T00:00:00.000Z' })
})

test('a probe that fails or never answers is refused', async () => {
  const folder = await makeFolder({})
  await expect(runProbe(folder, `() => { throw new Error('broken') }`, [])).rejects.toThrow(
    'broken',
  )
  await expect(runProbe(folder, `() => process.exit(2)`, [])).rejects.toThrow(
    'before the probe answered',
  )
})

test('a raw connection reads until the other side closes or falls silent', async () => {
  const text = `import { createServer } from 'node:net'
    createServer((socket) => {
      socket.write('hello ')
      socket.once('data', (bytes) => String(bytes) === 'bye' && socket.end('bye'))
    }).listen(process.env.PORT)`
  const { app } = await start({ 'main.mjs': text })
  const connection = await nativeNet.connect(Number(new URL(app.url).port))
  expect(await connection.read()).toBe('hello ')
  connection.write('bye')
  expect(await connection.read()).toBe('hello bye')
  connection.end()
})

test('what needs the virtual network is refused by name', async () => {
  expect(() => nativeNet.fail('db.test', 'reset')).toThrow('net.fail needs the virtual network')
  await expect(nativeNet.serve('db.test:80', () => ({ status: 200 }))).rejects.toThrow(
    'sandboxOnly',
  )
})
