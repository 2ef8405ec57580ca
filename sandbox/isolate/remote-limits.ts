/** How many host objects of each kind one guest may hold at once. The host enforces them; the isolate sweeps in time. */
export const remoteLimits = {
  crypto: 8192,
  zlib: 1024,
  icu: 1024,
  histogram: 4096,
  urlPattern: 4096,
  tls: 4096,
  tlsContext: 4096,
} as const

export type RemoteKind = keyof typeof remoteLimits
