import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { CatalogError, catalogMounts, catalogNames } from '../../catalog/catalog.ts'
import { runFixture, runInCatalog } from './run-fixture.ts'

const folder = fileURLToPath(new URL('fixtures', import.meta.url))

describe('programs that use packages of the catalog', () => {
  test.each(readdirSync(folder))(
    '%s prints what Node prints with what npm installed',
    async (name) => {
      const { native, inside } = await runFixture(`${folder}/${name}`)
      // Stacks, which frameworks print as errors, show where a package's code lies.
      expect({ ...inside, stderr: inside.stderr !== '' }).toEqual({
        ...native,
        stderr: native.stderr !== '',
      })
      expect(native.exitCode, native.stderr).toBe(0)
    },
  )
})

test('a package that others depend on is one instance', async () => {
  const { stdout } = await runInCatalog(`
    const { HttpError } = require('http-errors')
    const express = require('express')
    const app = express().use(express.json({ limit: 1 })).use((error, req, res, next) => res.send(error instanceof HttpError))
    const { buildSchema } = require('graphql')
    const { createHandler } = require('graphql-http')
    const { JsonWebTokenError } = require('jsonwebtoken')
    require('passport-jwt').Strategy.JwtVerifier('x', 'y', {}, (error) => console.log(error instanceof JsonWebTokenError))
    console.log(require('express').json === require('body-parser').json, require('express/lib/express.js') === express)
    const handler = createHandler({ schema: buildSchema('type Query { a: Int }') })
    const server = app.listen(0, async () => {
      const send = (body) => fetch('http://localhost:' + server.address().port, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
      console.log(await (await send('{}')).text())
      const [body] = await handler({ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{a}"}' })
      console.log(body)
      server.close()
    })`)
  expect(stdout).toBe('true\ntrue true\ntrue\n{"data":{"a":null}}\n')
})

test('a package is one instance however it is loaded', async () => {
  const { stdout } = await runInCatalog(
    `import { createRequire } from 'node:module'
    const require = createRequire(import.meta.url)
    for (const name of ['zod', 'helmet', 'bcryptjs', 'graphql-http', 'express-rate-limit', 'jose', 'nanoid', 'graphql', 'async']) {
      const [imported, required] = [await import(name), require(name)]
      const names = Object.keys(imported).filter((each) => each !== 'default' && each !== 'module.exports')
      console.log(name, names.length > 0 && names.every((each) => imported[each] === required[each]))
    }`,
    { extension: '.mjs' },
  )
  expect(stdout.trim().split('\n')).toHaveLength(9)
  expect(stdout).not.toContain('false')
})

describe('a package that was not given', () => {
  const names = ['zod', 'express@4']

  test('is missing as Node says, with those that were', async () => {
    const { stdout } = await runInCatalog(
      `try { require('left-pad') } catch (error) {
        console.log(error.code, error.requireStack, error.message)
        console.log(error.stack.split('\\n').slice(0, 5).join('|').replace(/:\\d+/g, ''))
      }
      import('left-pad/x').catch((error) => console.log(error.code, error.message, error.stack.includes(error.message)))`,
      { names },
    )
    expect(stdout.trim().split('\n')).toEqual([
      "MODULE_NOT_FOUND [ '/app/main.cjs' ] Cannot find module 'left-pad'",
      'Require stack:',
      '- /app/main.cjs',
      'Packages available here: zod, express',
      "Error: Cannot find module 'left-pad'|Require stack:|- /app/main.cjs|Packages available here: zod, express|    at Module._resolveFilename (node:internal/modules/cjs/loader)",
      "ERR_MODULE_NOT_FOUND Cannot find package 'left-pad' imported from /app/main.cjs",
      'Packages available here: zod, express true',
    ])
  })

  test('is not explained for a file, a subpath or a catalog package that is there', async () => {
    const { stdout } = await runInCatalog(
      `for (const name of ['./nope', '/nope', '#nope', 'express/nope', 'zod/nope']) {
        try { require(name) } catch ({ message }) { console.log(message.includes('available')) }
      }
      import('./nope.js').catch(({ message }) => console.log(message.includes('available')))`,
      { names },
    )
    expect(stdout).toBe('false\n'.repeat(6))
  })

  test('ends a program with the list on standard error', async () => {
    const { stderr, exitCode } = await runInCatalog("import 'left-pad'", {
      extension: '.mjs',
      names: [],
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      "Cannot find package 'left-pad' imported from /app/main.mjs\nPackages available here: none\n",
    )
    expect(stderr).not.toContain('assay:isolate')
  })
})

test('an error in a package does not show the text of its bundle', async () => {
  const { stderr } = await runInCatalog("require('express')().use()")
  expect(stderr.split('\n').every(({ length }) => length < 200)).toBe(true)
  expect(stderr).toContain('TypeError: app.use() requires a middleware function')
})

test('an older version is mounted under the name that programs use, alone', () => {
  expect(catalogMounts('/catalog', ['zod', 'express@4'], '/app/node_modules')).toEqual([
    { at: '/app/node_modules', root: '/catalog/node_modules', only: ['.catalog', 'zod'] },
    { at: '/app/node_modules/express', root: '/catalog/node_modules/express@4' },
  ])
  expect(() => catalogMounts('/catalog', ['express', 'express@4'], '/app/node_modules')).toThrow(
    new CatalogError('expected one version of express, got two: express and express@4'),
  )
})

test('an unknown package is named with what there is', () => {
  expect(() => catalogMounts('/catalog', ['zod', 'left-pad'], '/app/node_modules')).toThrow(
    new CatalogError(`expected one of ${catalogNames.join(', ')}, got left-pad`),
  )
})
