import { domainToASCII, domainToUnicode, format, pathToFileURL } from 'node:url'
import type { DoorOps } from './door.ts'

const noPort = 0xffffffff
const omitted = 0xffffffff
const schemeTypes: Record<string, number> = {
  'http:': 0,
  'https:': 2,
  'ws:': 3,
  'ftp:': 4,
  'wss:': 5,
  'file:': 6,
}
const notSpecial = 1

/** `internal/url` update actions, in the order of `bindingUrl.update`'s `kProtocol…`. */
const setters = [
  'protocol',
  'host',
  'hostname',
  'port',
  'username',
  'password',
  'pathname',
  'search',
  'hash',
  'href',
] as const

/**
 * Href and the offsets of ada's `url_aggregator`:
 * [href, protocol_end, username_end, host_start, host_end, port, pathname_start, search_start, hash_start, scheme_type].
 */
export function componentsOf(url: URL): (string | number)[] {
  const { href, protocol } = url
  const protocolEnd = protocol.length
  const hasAuthority = href.startsWith('//', protocolEnd)
  let usernameEnd = protocolEnd
  let hostStart = protocolEnd
  let hostEnd = protocolEnd
  if (hasAuthority) {
    usernameEnd = protocolEnd + 2 + url.username.length
    hostStart = usernameEnd
    if (url.password !== '') hostStart += 1 + url.password.length
    const hasCredentials = url.username !== '' || url.password !== ''
    hostEnd = hostStart + (hasCredentials ? 1 : 0) + url.hostname.length
    if (!hasCredentials) {
      hostStart = usernameEnd
      hostEnd = hostStart + url.hostname.length
    }
  }
  const hashStart = href.indexOf('#')
  const beforeHash = hashStart < 0 ? href : href.slice(0, hashStart)
  const searchStart = beforeHash.indexOf('?')
  const beforeSearch = searchStart < 0 ? beforeHash : beforeHash.slice(0, searchStart)
  const pathnameStart = beforeSearch.length - url.pathname.length
  return [
    href,
    protocolEnd,
    usernameEnd,
    hostStart,
    hostEnd,
    url.port === '' ? noPort : Number(url.port),
    pathnameStart,
    searchStart < 0 ? omitted : searchStart,
    hashStart < 0 ? omitted : hashStart,
    schemeTypes[protocol] ?? notSpecial,
  ]
}

const asciiOnly = /^[\0-\x7f]*$/

/** UTS 46 without the URL standard's checks of a host: what is ASCII already only loses its capitals. */
function idnaToAscii(domain: string): string {
  const lower = domain.toLowerCase()
  return asciiOnly.test(domain) && !lower.includes('xn--') ? lower : domainToASCII(domain)
}

function idnaToUnicode(domain: string): string {
  return domain
    .split('.')
    .map((label) => (label.startsWith('xn--') ? domainToUnicode(label) || label : label))
    .join('.')
}

/** The URL standard as the pinned binary implements it: strings in, strings and offsets out. */
export function urlOps(): DoorOps {
  const parse = (input: string, base: string | undefined) => {
    const url = URL.parse(input, base)
    return url === null ? null : componentsOf(url)
  }
  return {
    'url.parse': parse,
    'url.update'(href: string, action: number, value: string) {
      const url = URL.parse(href)
      const key = setters[action]
      if (url === null || key === undefined) return null
      // Of all setters only that of the whole URL raises; a value that another refuses changes nothing.
      if (key === 'href') return parse(value, undefined)
      url[key] = value
      return componentsOf(url)
    },
    'url.format': (
      href: string,
      fragment: boolean,
      unicode: boolean,
      search: boolean,
      auth: boolean,
    ) => format(new URL(href), { fragment, unicode, search, auth }),
    'url.origin': (href: string) => new URL(href).origin,
    'url.pathToFile'(path: string) {
      return componentsOf(pathToFileURL(path))
    },
    'url.toAscii': (domain: string) => domainToASCII(domain),
    'url.toUnicode': (domain: string) => domainToUnicode(domain),
    'idna.toAscii': idnaToAscii,
    'idna.toUnicode': idnaToUnicode,
  }
}
