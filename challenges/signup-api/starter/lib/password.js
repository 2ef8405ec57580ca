import { randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt)

/** A salted hash of the password, as text. */
export async function hashPassword(password) {
  const salt = randomBytes(16)
  const key = await derive(password, salt, 32, { cost: 1024 })
  return `${salt.toString('hex')}:${key.toString('hex')}`
}
