import { setTimeout as wait } from 'node:timers/promises'

/** What the way to the database and back takes. */
const roundTripMs = 5

const usersById = new Map()
const idsByEmail = new Map()

/**
 * The users table. It compares addresses byte by byte, and its index on `email` is unique.
 */
export const users = {
  /** The stored user, or null. */
  async findById(id) {
    await wait(roundTripMs)
    return usersById.get(id) ?? null
  },

  /** The stored user, or null. */
  async findByEmail(email) {
    await wait(roundTripMs)
    return usersById.get(idsByEmail.get(email)) ?? null
  },

  /** Stores every member it is given and answers the user with its `id`. Rejects with code `UNIQUE` when `email` is taken. */
  async insert(user) {
    await wait(roundTripMs)
    if (idsByEmail.has(user.email)) {
      throw Object.assign(new Error('users.email is unique'), { code: 'UNIQUE' })
    }
    const id = crypto.randomUUID()
    const stored = { ...user, id }
    usersById.set(id, stored)
    idsByEmail.set(user.email, id)
    return stored
  },
}
