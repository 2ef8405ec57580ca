import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto'

/** Everything random the rules need, as a dependency. */
export interface Ids {
  /** A row id: uuid v4. */
  id(): string
  /** 32 random bytes as base64url: the secret of a link or of a login session. */
  secret(): string
  /** Non-negative 31-bit integer that seeds one graded run. */
  seed(): number
}

export const systemIds: Ids = {
  id: () => randomUUID(),
  secret: () => randomBytes(32).toString('base64url'),
  seed: () => randomInt(0, 2 ** 31),
}

/** Secrets are stored only as this (sha256 hex): a copy of the database opens no door. */
export const hashSecret = (secret: string) => createHash('sha256').update(secret).digest('hex')
