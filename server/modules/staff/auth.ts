import { drizzleAdapter } from '@better-auth/drizzle-adapter'
import { betterAuth } from 'better-auth'
import { magicLink } from 'better-auth/plugins'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import type { Database } from '../../infra/database.ts'
import {
  staffAccounts,
  staffSessions,
  staffUsers,
  staffVerifications,
} from '../../infra/schema/staff.ts'

/** A printed sign-in link works once, within this time. */
const signInLinkLifeSeconds = 24 * 3600

interface Dependencies {
  database: Database
  config: Config
  secret: string
  log: Logger
}

/**
 * Staff accounts and login sessions. Nobody signs up by themselves: accounts are made by `createStaffService`, and
 * sign-in links only by the server itself. Our own hooks check origins and limit guessing, for these routes too.
 */
export const createStaffAuth = ({ database, config, secret, log }: Dependencies) => {
  /** Where the link that is being made right now goes: the library hands it to a mailer, ours is the caller. */
  const issued = new Map<string, string>()
  const auth = betterAuth({
    appName: 'Assay',
    basePath: '/api/auth',
    baseURL: config.origin ?? `http://127.0.0.1:${config.port}`,
    secret,
    database: drizzleAdapter(database.autocommit, {
      provider: 'sqlite',
      schema: {
        user: staffUsers,
        session: staffSessions,
        account: staffAccounts,
        verification: staffVerifications,
      },
    }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12 },
    plugins: [
      magicLink({
        expiresIn: signInLinkLifeSeconds,
        storeToken: 'hashed',
        disableSignUp: true,
        sendMagicLink: async ({ email, token }) => {
          issued.set(email, token)
        },
      }),
    ],
    disabledPaths: [
      '/sign-in/magic-link',
      '/magic-link/verify',
      '/sign-up/email',
      '/delete-user',
      '/change-email',
    ],
    // The origin hook has let this request through already.
    trustedOrigins: async (request) =>
      [request?.headers.get('origin')].filter((origin) => origin != null),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      cookiePrefix: 'assay',
      useSecureCookies: config.origin?.startsWith('https:') ?? false,
    },
    logger: {
      log: (level, message) => log[level]({ scope: 'staff-auth' }, message),
    },
  })
  return {
    auth,
    /** Makes a sign-in secret for the account with this address. */
    async issueSignInToken(email: string): Promise<string> {
      await auth.api.signInMagicLink({ body: { email }, headers: new Headers() })
      const token = issued.get(email)
      issued.delete(email)
      if (!token) throw new Error('No sign-in link was made')
      return token
    },
  }
}

export type StaffAuth = ReturnType<typeof createStaffAuth>
