import helmet from 'helmet'

const partner = 'https://partners.example'

/** Headers for every answer of the site. Stand in front of everything else. */
export const securityHeaders = [helmet()]

export const framedByPartner = [
  helmet({
    contentSecurityPolicy: { directives: { frameAncestors: [partner] } },
    xFrameOptions: false,
  }),
]

/** For answers that belong to one person or hold a nonce. */
export function noStore(req, res, next) {
  res.set('Cache-Control', 'no-store')
  next()
}
