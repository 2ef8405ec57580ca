import pino, { type Logger, type LoggerOptions } from 'pino'
import type { Config } from '../config.ts'

/** Secrets travel in links; the log shows that one was used, not which. */
export const maskSecrets = (url: string) => url.replace(/^(\/(?:i|staff\/link)\/)[^/?#]+/, '$1***')

/** Masks what opens doors, wherever it shows up in an entry. */
const redactedPaths = [
  'cookie',
  'authorization',
  '"set-cookie"',
  'token',
  'password',
  'secret',
].flatMap((key) => [
  key.startsWith('"') ? `[${key}]` : key,
  key.startsWith('"') ? `*[${key}]` : `*.${key}`,
  key.startsWith('"') ? `*.*[${key}]` : `*.*.${key}`,
])

const loggerOptions = (config: Pick<Config, 'logLevel'>): LoggerOptions => ({
  level: config.logLevel,
  redact: { paths: redactedPaths, censor: '***' },
  serializers: {
    req: (request: { method: string; url: string; ip?: string }) => ({
      method: request.method,
      url: maskSecrets(request.url),
      ip: request.ip,
    }),
    res: (reply: { statusCode: number }) => ({ statusCode: reply.statusCode }),
    err: pino.stdSerializers.err,
  },
})

/** Structured lines on stdout; `destination` is for tests. */
export const createLog = (
  config: Pick<Config, 'logLevel'>,
  destination?: pino.DestinationStream,
): Logger => (destination ? pino(loggerOptions(config), destination) : pino(loggerOptions(config)))
