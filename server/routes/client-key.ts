import { isIPv6 } from 'node:net'

/** The first four groups of an IPv6 address in full: one connection at home owns everything behind them. */
const networkOf = (address: string): string => {
  const [withoutZone = address] = address.split('%')
  // The URL parser writes every address in its one shortest form.
  const shortest = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
  const [before = '', after = ''] = shortest.split('::')
  const [head, tail] = [before, after].map((part) =>
    part.split(':').filter((group) => group !== ''),
  )
  const gap = Array.from({ length: 8 - (head?.length ?? 0) - (tail?.length ?? 0) }, () => '0')
  return [...(head ?? []), ...gap, ...(tail ?? [])].slice(0, 4).join(':')
}

/**
 * Whose requests are counted together for the rate limits: an IPv4 address, or an IPv6 network of 64 bits.
 *
 * The framework types its address as always there, but it reads it from the socket each time, and a browser that
 * aborts takes that with it. Such requests share one count; nobody waits for their answers.
 */
export const clientKey = (address: string | undefined): string => {
  if (address === undefined) return 'gone'
  if (!isIPv6(address)) return address.toLowerCase()
  // How a socket that listens for both kinds shows an IPv4 caller.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  return mapped?.[1] ?? networkOf(address)
}
