import express from 'express'

/** Lets a JSON object through as `req.body` and answers everything else with 400, 413 or 415. */
export const readJson = [
  express.json({ type: '*/*' }),
  (req, res, next) => {
    const { body } = req
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return next()
    res.status(400).json({ error: 'malformed' })
  },
]

const errorsByStatus = { 400: 'malformed', 413: 'too-large', 415: 'unsupported' }

/** Answers errors of the body parser, and every other one as 500 without its text. */
export function answerError(error, req, res, next) {
  if (res.headersSent) return next(error)
  const known = errorsByStatus[error.status]
  if (known) return res.status(error.status).json({ error: known })
  console.error(error)
  res.status(500).json({ error: 'internal' })
}
