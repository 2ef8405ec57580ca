import { existsSync } from 'node:fs'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import { createError } from '../../infra/app-error.ts'
import type { RouteOptions, Server } from '../types.ts'

const yearMs = 365 * 24 * 3_600_000

/** Paths of the page's own router get its one document; everything else that is not there is a 404. */
const isPagePath = (url: string) =>
  !/^\/api(\/|\?|$)/.test(url) && !/\.[a-z0-9]+$/i.test(url.split('?')[0] ?? '')

/** The built page. Files under `assets/` carry their hash in the name and never change. */
export const webRoutes = async (server: Server, { config }: RouteOptions) => {
  const hasPage = existsSync(join(config.webDir, 'index.html'))
  if (hasPage) {
    await server.register(staticFiles, {
      root: config.webDir,
      index: ['index.html'],
      // The build leaves .br and .gz beside each large file.
      preCompressed: true,
      setHeaders(reply, path) {
        const isHashed = path.startsWith(join(config.webDir, 'assets'))
        reply.header(
          'cache-control',
          isHashed ? `public, max-age=${yearMs / 1000}, immutable` : 'no-cache',
        )
      },
    })
  }

  server.setNotFoundHandler(async (request, reply) => {
    if (request.method !== 'GET' || !isPagePath(request.url)) {
      throw createError(
        'APP_ERR_NOT_FOUND',
        `Nothing at ${request.method} ${request.url.split('?')[0]}`,
      )
    }
    if (!hasPage)
      throw createError('APP_ERR_WEB_NOT_BUILT', 'The page is not built: run npm run build')
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}
