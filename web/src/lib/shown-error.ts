/** An error whose message is written for the person in front of the page. */
export class ShownError extends Error {
  override readonly name: string = 'ShownError'
}

/** One sentence for the person in front of the page. */
export function describeFailure(error: unknown): string {
  if (error instanceof ShownError) return error.message
  return 'Something went wrong in this page. Reload it; your saved work is safe.'
}
