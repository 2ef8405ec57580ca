import { randomBytes } from 'node:crypto'
import helmet from 'helmet'

const halfYearInSeconds = 15_552_000
const covers = 'https://covers.harbour.example'
const partner = 'https://partners.example'

/** Helmet's own defaults allow more (any HTTPS style and font), so the policy is written out. */
const contentPolicy = (frameAncestors) =>
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", (req, res) => `'nonce-${res.locals.nonce}'`],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", covers],
      connectSrc: ["'self'"],
      // These three do not fall back to default-src.
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: [frameAncestors],
    },
  })

const hsts = helmet.strictTransportSecurity({ maxAge: halfYearInSeconds, includeSubDomains: true })

/** Headers for every answer of the site. Stand in front of everything else. */
export const securityHeaders = [
  helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    xFrameOptions: { action: 'deny' },
  }),
  (req, res, next) => {
    res.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=()')
    res.locals.nonce = randomBytes(16).toString('base64')
    next()
  },
  contentPolicy("'none'"),
  // A browser must ignore the header over plain HTTP, and so a server must not send it there.
  (req, res, next) => (req.secure ? hsts(req, res, next) : next()),
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
