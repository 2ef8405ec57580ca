/** One policy: directive to its sources, both as a browser reads them. */
type Policy = Map<string, string[]>

/** Where the site is served to browsers. */
export const siteOrigin = 'https://www.harbour.example'

const fallbacks: Record<string, string[]> = {
  'base-uri': [],
  'form-action': [],
  'frame-ancestors': [],
  'frame-src': ['child-src', 'default-src'],
  'script-src-elem': ['script-src', 'default-src'],
  'style-src-elem': ['style-src', 'default-src'],
  'style-src-attr': ['style-src', 'default-src'],
}

/** What a document's enforced policies allow. Without a policy everything is allowed, as in a browser. */
export interface ContentPolicy {
  /** May something that falls under the directive come from, or go to, this address? */
  allowsUrl(directive: string, url: string): boolean
  /** May this script or style element run? `source` is the absolute address, or null when inline. */
  allowsElement(kind: 'script' | 'style', source: string | null, nonce: string | null): boolean
  /** True when some policy lets the keyword stand for scripts or styles, whatever a newer browser makes of it. */
  mentions(directive: string, keyword: string): boolean
  nonces(): string[]
}

/** @param header value of `Content-Security-Policy`; several policies are joined by commas */
export function readContentPolicy(header: string | undefined): ContentPolicy {
  const policies = (header ?? '')
    .split(',')
    .map(parsePolicy)
    .filter((policy) => policy.size > 0)

  const allowsUrl = (directive: string, url: string) =>
    policies.every((policy) => {
      const sources = selectSources(policy, directive)
      return sources === undefined || sources.some((source) => matchesUrl(source, new URL(url)))
    })

  return {
    allowsUrl,
    allowsElement(kind, source, nonce) {
      return policies.every((policy) => {
        const sources = selectSources(policy, `${kind}-src-elem`)
        if (sources === undefined) return true
        if (nonce && sources.includes(`'nonce-${nonce}'`)) return true
        if (source === null) return allowsAnyInline(sources)
        if (kind === 'script' && sources.includes("'strict-dynamic'")) return false
        return sources.some((one) => matchesUrl(one, new URL(source)))
      })
    },
    mentions(directive, keyword) {
      return policies.some((policy) => selectSources(policy, directive)?.includes(keyword) ?? false)
    },
    nonces: () =>
      policies.flatMap((policy) =>
        (selectSources(policy, 'script-src-elem') ?? []).flatMap(
          (source) => /^'nonce-(.+)'$/.exec(source)?.[1] ?? [],
        ),
      ),
  }
}

function parsePolicy(text: string): Policy {
  const policy: Policy = new Map()
  for (const part of text.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/)
    // The first of two equal directives counts.
    if (name && !policy.has(name.toLowerCase())) {
      policy.set(name.toLowerCase(), sources.map(normalizeSource))
    }
  }
  return policy
}

/** Everything but nonces and hashes is free in its case. */
const normalizeSource = (source: string) =>
  source.replace(/^'nonce-/i, "'nonce-").startsWith("'nonce-") || /^'sha\d+-/i.test(source)
    ? source.replace(/^'nonce-/i, "'nonce-")
    : source.toLowerCase()

function selectSources(policy: Policy, directive: string): string[] | undefined {
  for (const name of [directive, ...(fallbacks[directive] ?? ['default-src'])]) {
    const sources = policy.get(name)
    if (sources) return sources
  }
  return undefined
}

const allowsAnyInline = (sources: string[]) =>
  sources.includes("'unsafe-inline'") &&
  !sources.some((source) => /^'(nonce-|sha\d+-|strict-dynamic')/.test(source))

function matchesUrl(source: string, url: URL): boolean {
  if (source === "'self'") return url.origin === siteOrigin
  if (source.startsWith("'")) return false
  if (source === '*') return url.protocol === 'https:' || url.protocol === 'http:'
  if (/^[a-z][a-z0-9+.-]*:$/.test(source)) return isScheme(source, url)
  const parts = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?([^/:]+)(?::(\d+|\*))?(\/.*)?$/.exec(source)
  if (!parts) return false
  const [, scheme = 'https:', host = '', port, path = '/'] = parts
  if (!isScheme(scheme, url)) return false
  if (port && port !== '*' && port !== (url.port || (url.protocol === 'http:' ? '80' : '443'))) {
    return false
  }
  const isHost = host.startsWith('*.')
    ? url.hostname.endsWith(host.slice(1))
    : url.hostname === host
  return isHost && (path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path)
}

/** A source for HTTP covers HTTPS too. */
const isScheme = (scheme: string, url: URL) =>
  url.protocol === scheme || (scheme === 'http:' && url.protocol === 'https:')
