import { and, eq, gt } from 'drizzle-orm'
import { createError } from '../../infra/app-error.ts'
import type { Clock } from '../../infra/clock.ts'
import type { Database, Queries, Transaction } from '../../infra/database.ts'
import type { Events } from '../../infra/events.ts'
import { hashSecret, type Ids } from '../../infra/ids.ts'
import { invitations, loginSessions } from '../../infra/schema/attempts.ts'
import type { AssessmentsService } from '../assessments/service.ts'
import type { AttemptsService } from '../attempts/service.ts'
import type { Actor, AuditService } from '../audit/service.ts'
import { decideEntry, invitationLifeMs, loginSessionLifeMs } from './policy.ts'

export interface NewInvitation {
  assessmentId: string
  candidateName: string
  candidateEmail: string
  isDemo?: boolean
}

/** The secret stands only here and in the link: the database has its hash. */
export interface IssuedInvitation {
  id: string
  attemptId: string
  token: string
  expiresAt: number
}

interface Dependencies {
  database: Database
  clock: Clock
  ids: Ids
  events: Events
  assessments: AssessmentsService
  attempts: AttemptsService
  audit: AuditService
}

/** Invitations, the attempts made with them, and the login sessions of candidates. */
export const createInvitationsService = (deps: Dependencies) => {
  const { database, clock, ids, events, assessments, attempts, audit } = deps

  const create = async (
    tx: Transaction,
    actor: Actor,
    invitation: NewInvitation,
  ): Promise<IssuedInvitation> => {
    const { assessmentId, candidateName, candidateEmail, isDemo = false } = invitation
    const now = clock.now()
    const [id, token, expiresAt] = [ids.id(), ids.secret(), now + invitationLifeMs]
    const { minutes } = await assessments.selectAssessment(tx, assessmentId)
    await tx.insert(invitations).values({
      id,
      assessmentId,
      candidateName,
      candidateEmail,
      tokenHash: hashSecret(token),
      state: 'created',
      isDemo,
      createdAt: now,
      expiresAt,
    })
    const attemptId = ids.id()
    const items = await assessments.selectItems(tx, assessmentId)
    await attempts.insertAttempt(
      tx,
      { id: attemptId, invitationId: id, baseMs: minutes * 60_000, createdAt: now },
      items.map(({ position, slug, challengeHash }) => ({
        id: ids.id(),
        attemptId,
        position,
        slug,
        challengeHash,
      })),
    )
    await audit.append(tx, {
      actor,
      action: 'invitation.created',
      attemptId,
      detail: { candidateName, candidateEmail },
    })
    return { id, attemptId, token, expiresAt }
  }

  const selectOptionalLogin = async (db: Queries, secret: string) => {
    const [login] = await db
      .select()
      .from(loginSessions)
      .where(
        and(
          eq(loginSessions.secretHash, hashSecret(secret)),
          gt(loginSessions.expiresAt, clock.now()),
        ),
      )
    return login ?? null
  }

  return {
    insertInvitation: create,

    /** Answers the link's secret, once. */
    async create(actor: Actor, invitation: NewInvitation): Promise<IssuedInvitation> {
      const issued = await database.write((tx) => create(tx, actor, invitation))
      events.emit('attemptChanged', { attemptId: issued.attemptId })
      return issued
    },

    /** Gives an invitation nobody has opened a new secret; the earlier link stops working. */
    async reissue(tx: Transaction, actor: Actor, invitationId: string): Promise<string> {
      const record = await attempts.selectOptionalAttemptOfInvitation(tx, invitationId)
      if (!record) throw createError('APP_ERR_NOT_FOUND', `No invitation ${invitationId}`)
      const { state } = record.invitation
      if (state !== 'created' && state !== 'sent') {
        throw createError(
          'APP_ERR_STATE',
          `Expected an invitation nobody has opened, but it is ${state}`,
        )
      }
      const token = ids.secret()
      await tx
        .update(invitations)
        .set({ tokenHash: hashSecret(token), expiresAt: clock.now() + invitationLifeMs })
        .where(eq(invitations.id, invitationId))
      await audit.append(tx, { actor, action: 'invitation.reissued', attemptId: record.attempt.id })
      return token
    },

    /**
     * The demo's invitation, or null without one. `isUnopened`: its link may be made anew. `isUsable`: a link given out
     * earlier still opens the door.
     */
    async selectOptionalDemo(db: Queries) {
      const [demo] = await db
        .select({ id: invitations.id })
        .from(invitations)
        .where(eq(invitations.isDemo, true))
      const record = demo && (await attempts.selectOptionalAttemptOfInvitation(db, demo.id))
      if (!record) return null
      const { state, expiresAt } = record.invitation
      const entry = decideEntry({
        invitationState: state,
        attemptState: record.attempt.state,
        expiresAt,
        now: clock.now(),
        isSignedIn: false,
      })
      return { id: demo.id, isUnopened: state === 'created', isUsable: entry === 'login-session' }
    },

    /** The candidate has started: part of the transaction that starts the clock. */
    async accept(tx: Transaction, invitationId: string) {
      await tx
        .update(invitations)
        .set({ state: 'accepted' })
        .where(eq(invitations.id, invitationId))
    },

    /** Nobody gets in with the link any more; a candidate who is in is put out. */
    async revoke(actor: Actor, invitationId: string) {
      const attemptId = await database.write(async (tx) => {
        const record = await attempts.selectOptionalAttemptOfInvitation(tx, invitationId)
        if (!record) throw createError('APP_ERR_NOT_FOUND', `No invitation ${invitationId}`)
        if (record.attempt.state !== 'not-started') {
          throw createError(
            'APP_ERR_STATE',
            `Expected an attempt that has not started, but it is ${record.attempt.state}`,
          )
        }
        await tx
          .update(invitations)
          .set({ state: 'revoked' })
          .where(eq(invitations.id, invitationId))
        await tx.delete(loginSessions).where(eq(loginSessions.attemptId, record.attempt.id))
        await audit.append(tx, {
          actor,
          action: 'invitation.revoked',
          attemptId: record.attempt.id,
        })
        return record.attempt.id
      })
      events.emit('attemptChanged', { attemptId })
    },

    /**
     * Trades the secret of a link for a login session. Throws `APP_ERR_INVITATION_…`.
     * @param loginSecret of the browser's login session, if it has one
     * @returns the attempt, and the secret of the login session: null when the link shows the receipt and no more
     */
    async enter(
      token: string,
      loginSecret: string | null,
    ): Promise<{ attemptId: string; secret: string | null }> {
      const entered = await database.write(async (tx) => {
        const [invitation] = await tx
          .select()
          .from(invitations)
          .where(eq(invitations.tokenHash, hashSecret(token)))
        const record =
          invitation && (await attempts.selectOptionalAttemptOfInvitation(tx, invitation.id))
        if (!record)
          throw createError(
            'APP_ERR_INVITATION_UNKNOWN',
            'This link is not one of ours: check that it is complete',
          )
        const { attempt } = record
        const now = clock.now()
        const login = loginSecret === null ? null : await selectOptionalLogin(tx, loginSecret)
        const entry = decideEntry({
          invitationState: record.invitation.state,
          attemptState: attempt.state,
          expiresAt: record.invitation.expiresAt,
          now,
          isSignedIn: login?.attemptId === attempt.id,
        })
        if (entry === 'expired' && record.invitation.state !== 'expired') {
          await tx
            .update(invitations)
            .set({ state: 'expired' })
            .where(eq(invitations.id, record.invitation.id))
          await audit.append(tx, {
            actor: 'system',
            action: 'invitation.expired',
            attemptId: attempt.id,
          })
        }
        if (entry !== 'login-session') return { attemptId: attempt.id, entry }
        if (record.invitation.state === 'created' || record.invitation.state === 'sent') {
          await tx
            .update(invitations)
            .set({ state: 'opened' })
            .where(eq(invitations.id, record.invitation.id))
          await audit.append(tx, {
            actor: 'candidate',
            action: 'invitation.opened',
            attemptId: attempt.id,
          })
        }
        if (loginSecret !== null && login?.attemptId === attempt.id) {
          return { attemptId: attempt.id, entry, secret: loginSecret }
        }
        const secret = ids.secret()
        await tx.insert(loginSessions).values({
          secretHash: hashSecret(secret),
          attemptId: attempt.id,
          createdAt: now,
          expiresAt: now + loginSessionLifeMs,
        })
        return { attemptId: attempt.id, entry, secret }
      })
      events.emit('attemptChanged', { attemptId: entered.attemptId })
      switch (entered.entry) {
        case 'login-session':
          return { attemptId: entered.attemptId, secret: entered.secret }
        case 'receipt':
          return { attemptId: entered.attemptId, secret: null }
        case 'revoked':
          throw createError('APP_ERR_INVITATION_REVOKED', 'This invitation was withdrawn')
        case 'expired':
          throw createError(
            'APP_ERR_INVITATION_EXPIRED',
            'This invitation has expired: ask for a new one',
          )
      }
    },

    /** The attempt a login session is for, or null. */
    selectOptionalAttemptId: (loginSecret: string): Promise<string | null> =>
      database.read(async (db) => (await selectOptionalLogin(db, loginSecret))?.attemptId ?? null),
  }
}

export type InvitationsService = ReturnType<typeof createInvitationsService>
