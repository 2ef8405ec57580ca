import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiError } from '../../contract/api.ts'
import { type ErrorCode, errorStatuses } from '../../contract/errors.ts'
import { AppError, createError } from '../infra/app-error.ts'

/** Failures of the framework that are the caller's, as entries of our own table. */
const frameworkCodes: Record<string, ErrorCode> = {
  FST_ERR_VALIDATION: 'APP_ERR_VALIDATION',
  FST_ERR_CTP_INVALID_JSON_BODY: 'APP_ERR_VALIDATION',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'APP_ERR_VALIDATION',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'APP_ERR_VALIDATION',
  FST_ERR_CTP_BODY_TOO_LARGE: 'APP_ERR_BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'APP_ERR_MEDIA_TYPE',
  FST_ERR_BAD_URL: 'APP_ERR_VALIDATION',
  // A path out of the folder of the page, or one that no file can have.
  FST_STATIC_FORBIDDEN_PATH: 'APP_ERR_NOT_FOUND',
  // No id or secret of ours is that long, so the path names nothing.
  FST_ERR_MAX_PARAM_LENGTH: 'APP_ERR_NOT_FOUND',
}

const toAppError = (error: FastifyError | AppError): AppError | null => {
  if (error instanceof AppError) return error
  const code = error.validation ? 'APP_ERR_VALIDATION' : frameworkCodes[error.code]
  return code ? createError(code, error.message) : null
}

/** Expected failures keep their code and message; anything else becomes a 500 that says only where to look in the log. */
export const handleError = (
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
) => {
  const known = toAppError(error)
  if (known) {
    const body: ApiError = { code: known.code, message: known.message }
    return reply.status(known.statusCode).send(body)
  }
  request.log.error({ err: error }, 'request failed')
  const body: ApiError = {
    code: 'APP_ERR_INTERNAL',
    message: 'Something went wrong on our side; quote the correlation id when you report it',
    correlationId: request.id,
  }
  return reply.status(errorStatuses.APP_ERR_INTERNAL).send(body)
}
