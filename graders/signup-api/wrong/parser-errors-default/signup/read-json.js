import express from 'express'

const maxBytes = 10_240

/** Lets a JSON object through as `req.body` and answers everything else with 400, 413 or 415. */
export const readJson = [
  (req, res, next) => {
    if (req.is('application/json') === false) return res.status(415).json({ error: 'unsupported' })
    next()
  },
  express.json({ limit: maxBytes }),
  (req, res, next) => {
    const { body } = req
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return next()
    res.status(400).json({ error: 'malformed' })
  },
]
