import { randomBytes } from 'node:crypto'

const cookieName = '__Host-session'

/** Browsers refuse a `__Host-` cookie, and its removal too, without `Secure` and `Path=/`. */
const cookieOptions = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' }

/** Sessions of signed-in members, in memory. */
export function createSessions() {
  const members = new Map()
  return {
    start(res, member) {
      const id = randomBytes(24).toString('base64url')
      members.set(id, member)
      res.cookie(cookieName, id, cookieOptions)
    },
    end(req, res) {
      members.delete(req.cookies[cookieName])
      res.clearCookie(cookieName, cookieOptions)
    },
    /** The member of this request's session, or undefined. */
    find: (req) => members.get(req.cookies[cookieName]),
  }
}
