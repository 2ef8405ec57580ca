import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { applyMigrations } from './migrations.ts'
import { fileTrees } from './schema/workspaces.ts'

const tree = (hash: string) => ({ hash, files: { 'a.js': hash } })

describe.each(['a file', 'memory'])('openDatabase in %s', (where) => {
  let dir: string
  let database: Database

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'assay-db-'))
    database = openDatabase(where === 'memory' ? ':memory:' : join(dir, 'a.db'))
    applyMigrations(database)
  })
  afterEach(() => {
    database.close()
    rmSync(dir, { recursive: true })
  })

  test('write keeps everything or nothing', async () => {
    await expect(
      database.write(async (tx) => {
        await tx.insert(fileTrees).values(tree('a'))
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await database.read((db) => db.select().from(fileTrees))).toEqual([])
  })

  test('writes that start together run one after the other', async () => {
    const order: string[] = []
    await Promise.all(
      ['a', 'b'].map((hash) =>
        database.write(async (tx) => {
          order.push(`${hash} in`)
          await tx.insert(fileTrees).values(tree(hash))
          await Promise.resolve()
          order.push(`${hash} out`)
        }),
      ),
    )
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out'])
  })

  test('a read during a transaction sees only what is committed', async () => {
    let seen: Promise<unknown[]> = Promise.resolve([])
    await expect(
      database.write(async (tx) => {
        await tx.insert(fileTrees).values(tree('a'))
        throw new Error('undone')
      }),
    ).rejects.toThrow()
    const writing = database.write(async (tx) => {
      await tx.insert(fileTrees).values(tree('a'))
      await tx.delete(fileTrees)
    })
    seen = database.read((db) => db.select().from(fileTrees))
    await writing
    expect(await seen).toEqual([])
  })

  test('a single statement waits for the transaction that runs', async () => {
    const writing = database.write(async (tx) => {
      await tx.insert(fileTrees).values(tree('a'))
      throw new Error('undone')
    })
    const alone = database.autocommit.insert(fileTrees).values(tree('b'))
    await expect(Promise.all([writing, alone])).rejects.toThrow('undone')
    await alone.catch(() => undefined)
    const rows = await database.read((db) => db.select().from(fileTrees))
    expect(rows.map((row) => row.hash)).toEqual(['b'])
  })

  test('a write inside a write is refused instead of waiting for itself', async () => {
    await expect(database.write(() => database.write(async () => 1))).rejects.toThrow(
      'use its transaction',
    )
  })

  test('select of one missing row answers undefined', async () => {
    expect(await database.read((db) => db.select().from(fileTrees).get())).toBeUndefined()
  })
})
