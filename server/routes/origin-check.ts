import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { createError } from '../infra/app-error.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null)

/**
 * Is a page of this origin ours? With a configured origin, only that one. Without, the one that the request itself was
 * sent to: a foreign page cannot make a browser send its cookies there and name our host as its origin.
 */
export const isOwnOrigin = (origin: string, requestHost: string, configured: string | null) =>
  configured === null ? hostOf(origin) === requestHost : origin === configured

/** Refuses unsafe requests and WebSocket upgrades that a page of another origin sends. */
export const createOriginCheck =
  (config: Pick<Config, 'origin'>) => async (request: FastifyRequest) => {
    const isUpgrade = request.headers.upgrade?.toLowerCase() === 'websocket'
    if (safeMethods.has(request.method) && !isUpgrade) return
    const { origin } = request.headers
    const isRefused =
      origin === undefined
        ? // Every browser names the origin of an upgrade and of a cross-site request; programs may leave it out.
          isUpgrade || request.headers['sec-fetch-site'] === 'cross-site'
        : !isOwnOrigin(origin, request.host, config.origin)
    if (isRefused) {
      throw createError(
        'APP_ERR_ORIGIN',
        `Expected a request from ${config.origin ?? 'our own page'}, got one from ${origin ?? 'nowhere'}`,
      )
    }
  }
