import type { TSchema } from 'typebox'
import { ApiError } from '../../contract/api.ts'

/** The response table of a route: what a success looks like, and one shape for everything else. */
export const responses = <Schema extends TSchema>(success: Schema) => ({
  200: success,
  '4xx': ApiError,
  '5xx': ApiError,
})

/** For routes that answer nothing but that it is done. */
export const emptyResponses = {
  204: { type: 'null', description: 'Done' },
  '4xx': ApiError,
  '5xx': ApiError,
}
