import {
  booleanColumn,
  dateColumn,
  idColumn,
  index,
  table,
  textColumn,
  uniqueIndex,
} from './columns.sqlite.ts'

/** The four tables better-auth works on; property names are its own. */
export const staffUsers = table(
  'staff_users',
  {
    id: idColumn('id').primaryKey(),
    name: textColumn('name').notNull(),
    email: textColumn('email').notNull(),
    emailVerified: booleanColumn('email_verified').notNull(),
    image: textColumn('image'),
    createdAt: dateColumn('created_at').notNull(),
    updatedAt: dateColumn('updated_at').notNull(),
  },
  (t) => [uniqueIndex('staff_users_email').on(t.email)],
)

export const staffSessions = table(
  'staff_sessions',
  {
    id: idColumn('id').primaryKey(),
    token: textColumn('token').notNull(),
    userId: idColumn('user_id')
      .notNull()
      .references(() => staffUsers.id, { onDelete: 'cascade' }),
    ipAddress: textColumn('ip_address'),
    userAgent: textColumn('user_agent'),
    expiresAt: dateColumn('expires_at').notNull(),
    createdAt: dateColumn('created_at').notNull(),
    updatedAt: dateColumn('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('staff_sessions_token').on(t.token),
    index('staff_sessions_user').on(t.userId),
  ],
)

export const staffAccounts = table(
  'staff_accounts',
  {
    id: idColumn('id').primaryKey(),
    accountId: textColumn('account_id').notNull(),
    providerId: textColumn('provider_id').notNull(),
    userId: idColumn('user_id')
      .notNull()
      .references(() => staffUsers.id, { onDelete: 'cascade' }),
    accessToken: textColumn('access_token'),
    refreshToken: textColumn('refresh_token'),
    idToken: textColumn('id_token'),
    accessTokenExpiresAt: dateColumn('access_token_expires_at'),
    refreshTokenExpiresAt: dateColumn('refresh_token_expires_at'),
    scope: textColumn('scope'),
    /** Scrypt hash, made by better-auth. */
    password: textColumn('password'),
    createdAt: dateColumn('created_at').notNull(),
    updatedAt: dateColumn('updated_at').notNull(),
  },
  (t) => [index('staff_accounts_user').on(t.userId)],
)

export const staffVerifications = table(
  'staff_verifications',
  {
    id: idColumn('id').primaryKey(),
    identifier: textColumn('identifier').notNull(),
    value: textColumn('value').notNull(),
    expiresAt: dateColumn('expires_at').notNull(),
    createdAt: dateColumn('created_at').notNull(),
    updatedAt: dateColumn('updated_at').notNull(),
  },
  (t) => [index('staff_verifications_identifier').on(t.identifier)],
)
