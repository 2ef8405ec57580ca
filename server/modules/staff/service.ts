import { eq, like } from 'drizzle-orm'
import type { StaffMe } from '../../../contract/api.ts'
import type { Database } from '../../infra/database.ts'
import { staffUsers, staffVerifications } from '../../infra/schema/staff.ts'
import type { StaffAuth } from './auth.ts'

interface Dependencies {
  database: Database
  staffAuth: StaffAuth
}

export interface NewStaff {
  name: string
  email: string
  /** Without one, the account signs in by link only. */
  password?: string
}

/** Staff accounts, their login sessions and sign-in links. */
export const createStaffService = ({ database, staffAuth }: Dependencies) => {
  const { auth } = staffAuth
  return {
    /** Makes an account; answers its id. */
    async create({ name, email, password }: NewStaff): Promise<string> {
      const { internalAdapter, password: passwords } = await auth.$context
      const user = await internalAdapter.createUser(
        {
          name,
          email: email.toLowerCase(),
          emailVerified: true,
        },
        { method: 'admin' },
      )
      if (password !== undefined) {
        await internalAdapter.linkAccount({
          userId: user.id,
          accountId: user.id,
          providerId: 'credential',
          password: await passwords.hash(password),
        })
      }
      return user.id
    },

    /** Who the cookies of a request belong to, or null. */
    async selectOptionalByCookies(cookie: string | undefined): Promise<StaffMe | null> {
      if (!cookie) return null
      const session = await auth.api.getSession({ headers: new Headers({ cookie }) })
      if (!session) return null
      const { id, name, email } = session.user
      return { id, name, email }
    },

    selectOptionalByEmail: async (email: string) =>
      (
        await database.read((db) => db.select().from(staffUsers).where(eq(staffUsers.email, email)))
      )[0] ?? null,

    /** A fresh sign-in secret, single use; earlier ones of the same account stop working. */
    async issueSignInToken(email: string): Promise<string> {
      await database.write(async (tx) => {
        const links = await tx
          .select()
          .from(staffVerifications)
          .where(like(staffVerifications.identifier, 'magic-link:%'))
        for (const { id, value } of links) {
          const { email: owner } = JSON.parse(value) as { email?: string }
          if (owner === email)
            await tx.delete(staffVerifications).where(eq(staffVerifications.id, id))
        }
      })
      return staffAuth.issueSignInToken(email)
    },

    /** Trades a sign-in secret for the `Set-Cookie` lines of a login session; null when it was used or has expired. */
    async signInByToken(token: string, headers: Headers): Promise<string[] | null> {
      const response = await auth.api.magicLinkVerify({
        query: { token },
        headers,
        asResponse: true,
      })
      return response.status === 200 ? response.headers.getSetCookie() : null
    },
  }
}
