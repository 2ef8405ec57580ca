import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import websocket from '@fastify/websocket'
import fastify from 'fastify'
import type { Logger } from 'pino'
import { maxMessageBytes } from '../contract/live.ts'
import type { Config } from './config.ts'
import type { RunEngine } from './grading/engine.ts'
import { createError } from './infra/app-error.ts'
import type { Clock } from './infra/clock.ts'
import type { Database } from './infra/database.ts'
import type { Ids } from './infra/ids.ts'
import { createLog } from './infra/log.ts'
import { openapiOptions } from './openapi-options.ts'
import { candidateScope } from './routes/candidate/scope.ts'
import { clientKey } from './routes/client-key.ts'
import { handleError } from './routes/error-handler.ts'
import { createOriginCheck } from './routes/origin-check.ts'
import { healthRoutes } from './routes/public/health.ts'
import { webRoutes } from './routes/public/web.ts'
import { staffScope } from './routes/staff/scope.ts'
import { signInRoutes } from './routes/staff/sign-in.ts'
import { createServices, type Services } from './services.ts'

export interface AppOptions {
  config: Config
  clock: Clock
  ids: Ids
  engine: RunEngine
  database: Database
  secret: string
  log?: Logger
}

declare module 'fastify' {
  interface FastifyInstance {
    services: Services
  }
}

/** Text of a whole project fits; nothing a page sends is larger. */
const bodyLimitBytes = 1024 * 1024
const requestsPerMinute = 1200

const contentSecurityPolicy = (isHttps: boolean) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    // The editor sets styles of its own; it has no way to take a nonce.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    manifestSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
    objectSrc: ["'none'"],
    ...(isHttps && { upgradeInsecureRequests: [] }),
  },
})

/** The whole server but its process: infra, guards for everyone, then one scope per kind of trust. */
export const buildApp = async (options: AppOptions) => {
  const { config, log = createLog(config) } = options
  const services = createServices({ ...options, log })
  const isHttps = config.origin?.startsWith('https:') ?? false

  const app = fastify({
    loggerInstance: log,
    bodyLimit: bodyLimitBytes,
    trustProxy: config.isBehindProxy,
    // Validate, never repair: a wrong type or an unknown key is an error, not something to be dropped.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    forceCloseConnections: true,
    // What fails before a route is found would otherwise be answered in the framework's own shape.
    frameworkErrors: handleError,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.decorate('services', services)
  app.setErrorHandler(handleError)

  await app.register(helmet, {
    contentSecurityPolicy: contentSecurityPolicy(isHttps),
    strictTransportSecurity: isHttps,
    // Personal links are secrets: no other site may learn one. Not `no-referrer`, which would blank our own `Origin`.
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  })
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: (request) => clientKey(request.ip),
    errorResponseBuilder: (_request, { max, after }) =>
      createError(
        'APP_ERR_TOO_MANY_REQUESTS',
        `Expected at most ${max} requests a minute; try again in ${after}`,
      ),
  })
  await app.register(cookie)
  await app.register(websocket, {
    options: { maxPayload: maxMessageBytes },
    // The hubs say goodbye with a close code the page understands.
    preClose: (done) => {
      services.stop().then(() => done(), done)
    },
  })
  await app.register(swagger, openapiOptions)
  await app.register(swaggerUi, { routePrefix: '/docs' })

  // Before every scope, so that none can forget it.
  app.addHook('onRequest', createOriginCheck(config))

  const scope = { services, config }
  await app.register(candidateScope, { ...scope, prefix: '/api/candidate' })
  await app.register(staffScope, { ...scope, prefix: '/api/staff' })
  await app.register(signInRoutes, scope)
  await app.register(healthRoutes, scope)
  await app.register(webRoutes, scope)
  return app
}

export type App = Awaited<ReturnType<typeof buildApp>>
