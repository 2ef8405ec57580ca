/** Every address of the app: `pattern` for the router, `href` to build one. Ids are opaque and go in encoded. */

const segment = (value: string): string => encodeURIComponent(value)

export const paths = {
  home: { pattern: '/', href: () => '/' },
  personalLink: { pattern: '/i/:token', href: (token: string) => `/i/${segment(token)}` },
  candidate: { pattern: '/candidate', href: () => '/candidate' },
  work: {
    pattern: '/candidate/work/:itemId',
    href: (itemId: string) => `/candidate/work/${segment(itemId)}`,
  },
  attempts: { pattern: '/staff', href: () => '/staff' },
  attempt: {
    pattern: '/staff/attempts/:attemptId',
    href: (attemptId: string) => `/staff/attempts/${segment(attemptId)}`,
  },
  signIn: {
    pattern: '/staff/sign-in',
    href: (next?: string) => `/staff/sign-in${next ? `?next=${segment(next)}` : ''}`,
    /** Where to go after signing in. Only addresses inside `/staff` count, so the link cannot lead elsewhere. */
    parseNext: (search: string): string => {
      const next = new URLSearchParams(search).get('next') ?? ''
      const isInside = next === '/staff' || (next.startsWith('/staff/') && !next.includes('\\'))
      return isInside && !next.startsWith('/staff/sign-in') ? next : '/staff'
    },
  },
  staffLink: {
    pattern: '/staff/link/:token',
    href: (token: string) => `/staff/link/${segment(token)}`,
  },
} as const
