import { expect, test } from 'vitest'
import { runInSandbox } from '../run-both.ts'

const run = async (text: string) => {
  const { stdout, stderr } = await runInSandbox({
    'main.cjs': `const { DatabaseSync, backup } = require('node:sqlite')
      const attempt = (run) => { try { return run() } catch (error) { return error.code + ': ' + error.message } }
      ${text}`,
  })
  return { lines: stdout.trim().split('\n'), stderr }
}

test('a database in a file is refused by its name', async () => {
  const { lines } = await run(`
    for (const place of ['/data/app.db', 'app.db', 'file:app.db', 'file:a?vfs=kvvfs&mode=memory', new URL('file:///a.db')]) {
      console.log(attempt(() => new DatabaseSync(place)))
    }
    console.log(attempt(() => backup(new DatabaseSync(':memory:'), '/copy.db')))
    console.log(attempt(() => new DatabaseSync(':memory:', { allowExtension: true })))`)
  const refused = (what: string) =>
    `ERR_FEATURE_UNAVAILABLE_ON_PLATFORM: The feature node:sqlite ${what} is unavailable in the sandbox`
  expect(lines).toEqual([
    refused("in a file ('/data/app.db')"),
    refused("in a file ('app.db')"),
    refused("in a file ('file:app.db')"),
    refused("in a file ('file:a?vfs=kvvfs&mode=memory')"),
    refused("in a file ('file:///a.db')"),
    refused('backup to a file'),
    refused('extensions'),
  ])
})

test('SQL reaches no file', async () => {
  const { lines } = await run(`
    require('node:fs').writeFileSync('/app/there.db', '')
    const db = new DatabaseSync(':memory:')
    for (const sql of ["ATTACH '/app/there.db' AS a", "ATTACH 'new.db' AS b", "VACUUM INTO '/app/copy.db'", "SELECT load_extension('x')"]) {
      console.log(attempt(() => db.exec(sql)))
    }
    console.log(require('node:fs').readdirSync('/app').join())`)
  expect(lines).toEqual([
    'ERR_SQLITE_ERROR: unable to open database: /app/there.db',
    'ERR_SQLITE_ERROR: unable to open database: new.db',
    'ERR_SQLITE_ERROR: unable to open database: /app/copy.db',
    'ERR_SQLITE_ERROR: no such function: load_extension',
    'main.cjs,there.db',
  ])
})

test('a database cannot grow past the bound, and others go on', async () => {
  const { lines } = await run(`
    const db = new DatabaseSync(':memory:')
    db.exec('CREATE TABLE t(b)')
    const add = db.prepare('INSERT INTO t VALUES (zeroblob(4000000))')
    let error
    for (let i = 0; i < 100 && error === undefined; i++) {
      try { add.run() } catch ({ message, errcode }) { error = [message, errcode, i > 10] }
    }
    console.log(error)
    db.close()
    console.log(new DatabaseSync(':memory:').prepare('SELECT 1 AS one').get().one)`)
  expect(lines).toEqual(["[ 'out of memory', 7, true ]", '1'])
})

test('statements that a program drops do not use up memory', async () => {
  const { lines } = await run(`
    const db = new DatabaseSync(':memory:')
    let sum = 0
    for (let i = 0; i < 20_000; i++) sum += db.prepare('SELECT ? + 1 AS n').get(i).n
    console.log(sum)`)
  expect(lines).toEqual(['200010000'])
})

test('random values follow the seed of the run, and time is virtual', async () => {
  const text = `const db = new DatabaseSync(':memory:')
    console.log(db.prepare("SELECT hex(randomblob(8)) r, strftime('%s') s, datetime('now', 'localtime') l").get())`
  const { lines } = await run(text)
  expect((await run(text)).lines).toEqual(lines)
  expect(lines.join()).toContain("s: '1700000000'")
  expect(lines.join()).toContain("l: '2023-11-14 22:13:20'")
})

test('the program itself gets no WebAssembly', async () => {
  const { lines } = await run(`new DatabaseSync(':memory:').exec('SELECT 1')
    console.log(typeof WebAssembly)`)
  expect(lines).toEqual(['undefined'])
})
