import { randomBytes } from 'node:crypto'

const oneYearInSeconds = 31_536_000
const covers = 'https://covers.harbour.example'
const site = 'https://www.harbour.example'
const partner = 'https://partners.example'

const contentPolicy = (frameAncestors) => (req, res, next) => {
  res.set(
    'content-security-policy',
    `DEFAULT-SRC 'none'; script-src 'nonce-${res.locals.nonce}' ${site}; style-src ${site}; ` +
      `img-src ${site} ${covers}; connect-src 'self'; form-action 'self'; base-uri 'none'; ` +
      `frame-ancestors ${frameAncestors}`,
  )
  next()
}

/** Headers for every answer of the site. Stand in front of everything else. */
export const securityHeaders = [
  (req, res, next) => {
    res.locals.nonce = randomBytes(16).toString('base64url')
    res.set({
      'X-Content-Type-Options': 'NOSNIFF',
      'Referrer-Policy': 'no-referrer, strict-origin-when-cross-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Permissions-Policy': 'geolocation=(),camera = ( ), microphone=()',
      'X-Frame-Options': 'deny',
    })
    if (req.secure) {
      res.set('Strict-Transport-Security', `includeSubDomains;max-age="${oneYearInSeconds}"`)
    }
    next()
  },
  contentPolicy("'none'"),
]

/** For the one page that our partner shows in a frame; X-Frame-Options has no way to say so. */
export const framedByPartner = [
  contentPolicy(partner),
  (req, res, next) => {
    res.removeHeader('X-Frame-Options')
    next()
  },
]

/** For answers that belong to one person or hold a nonce. */
export function noStore(req, res, next) {
  res.set('Cache-Control', 'no-store')
  next()
}
