import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'

/** Where links point: the configured origin, or the one this request was sent to. */
export const publicOrigin = (request: FastifyRequest, config: Pick<Config, 'origin'>) =>
  config.origin ?? `${request.protocol}://${request.host}`
