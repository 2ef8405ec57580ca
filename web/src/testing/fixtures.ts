import type {
  AttemptDetail,
  AttemptSummary,
  CandidateHome,
  CandidateItem,
  CandidateRun,
} from '../../../contract/api.ts'
import type { CaseResult, Exchange, GradeResult } from '../../../contract/verdict.ts'

/** Worlds for tests: whole, valid bodies of the API; each test overrides what it is about. */

export const startOfTime = Date.UTC(2026, 4, 4, 9, 0, 0)
const minute = 60_000

export function makeHome(overrides: Partial<CandidateHome> = {}): CandidateHome {
  return {
    candidateName: 'Ada Lovelace',
    invitationState: 'opened',
    attemptState: 'not-started',
    clock: { now: startOfTime, deadline: null },
    assessment: {
      title: 'Express fundamentals',
      minutes: 60,
      intro: 'Four challenges about **Node.js** and Express, close to everyday work.',
      scoring:
        'Each requirement has points. Hidden cases decide whether a requirement is met; style is not scored.',
      aiPolicy: 'AI assistants are not allowed in this assessment. Documentation is.',
      recordedEvents: [
        {
          name: 'Edits',
          why: 'Your work is saved with every change, and reviewers can see how it grew.',
        },
        { name: 'Runs', why: 'Reviewers see what you tried and when it first worked.' },
        { name: 'Submission', why: 'To know when and how the work was handed in.' },
      ],
      consentVersion: '2026-05',
    },
    items: [
      {
        id: 'item-1',
        position: 1,
        title: 'Order of events',
        kind: 'predict',
        minutes: 10,
        points: 20,
      },
      {
        id: 'item-2',
        position: 2,
        title: 'Middleware pipeline from scratch',
        kind: 'build',
        minutes: 20,
        points: 30,
      },
      {
        id: 'item-3',
        position: 3,
        title: 'Validate a signup API',
        kind: 'build',
        minutes: 15,
        points: 25,
      },
      {
        id: 'item-4',
        position: 4,
        title: 'Security headers for a real site',
        kind: 'build',
        minutes: 15,
        points: 25,
      },
    ],
    receipt: null,
    ...overrides,
  }
}

export function makeOpenHome(overrides: Partial<CandidateHome> = {}): CandidateHome {
  return makeHome({
    invitationState: 'accepted',
    attemptState: 'open',
    clock: { now: startOfTime, deadline: startOfTime + 60 * minute },
    ...overrides,
  })
}

export const starterFiles = {
  'package.json':
    '{\n  "name": "signup",\n  "type": "module",\n  "dependencies": { "express": "5" }\n}\n',
  'src/app.js':
    "import express from 'express'\n\nexport const app = express()\napp.use(express.json())\n\n// Create an account.\napp.post('/signup', (req, res) => {\n  res.status(201).json({ email: req.body.email })\n})\n",
  'src/server.js':
    "import { app } from './app.js'\n\napp.listen(process.env.PORT ?? 3000, () => {\n  console.log('listening')\n})\n",
  'src/lib/users.js': 'export const users = new Map()\n',
}

export function makeItem(overrides: Partial<CandidateItem> = {}): CandidateItem {
  return {
    id: 'item-3',
    title: 'Validate a signup API',
    kind: 'build',
    level: 'mid',
    minutes: 15,
    language: 'js',
    statement:
      'A signup form posts JSON to `POST /signup`. Today anything is accepted.\n\nMake the endpoint **reject what is not a signup**, and say why in a way a form can show:\n\n```json\n{ "errors": [{ "field": "email", "message": "must be an email address" }] }\n```\n\n## What counts as valid\n\n| field | rule |\n|---|---|\n| `email` | an email address, at most 254 characters |\n| `password` | 12 to 128 characters |\n| `name` | optional, 1 to 80 characters |\n\nYou may use `zod` or `express-validator`, or write it by hand. See the [Express guide](https://expressjs.com/).\n\n1. Keep `src/app.js` exporting `app`.\n2. Do not change `src/server.js`.',
    requirements: [
      { id: 'R1', text: 'A valid signup answers `201` with the email.', points: 5 },
      { id: 'R2', text: 'An invalid body answers `422` with one error per field.', points: 8 },
      { id: 'R3', text: 'Unknown fields are refused, not ignored.', points: 5 },
      { id: 'R4', text: 'A body that is not JSON answers `400`, never a stack trace.', points: 7 },
    ],
    entry: 'src/server.js',
    openPaths: ['src/app.js'],
    readOnlyPaths: ['package.json', 'src/server.js'],
    starter: starterFiles,
    sample: {
      'signup.test.ts':
        "import { requirement } from 'assay'\n\nrequirement('R1', 'accepts a valid signup', async ({ candidate }) => {\n  await candidate.post('/signup').send({ email: 'a@b.co' }).expect(201)\n})\n",
    },
    packages: ['express', 'zod', 'express-validator'],
    ...overrides,
  }
}

export function makeExchange(overrides: Partial<Exchange> = {}): Exchange {
  return {
    request: {
      method: 'POST',
      path: '/signup',
      headers: [
        ['host', 'localhost:3000'],
        ['content-type', 'application/json'],
      ],
      body: '{"email":"not-an-email","password":"correct horse battery"}',
    },
    response: {
      status: 201,
      statusText: 'Created',
      headers: [
        ['x-powered-by', 'Express'],
        ['content-type', 'application/json; charset=utf-8'],
      ],
      body: '{"email":"not-an-email"}',
    },
    durationMs: 3,
    ...overrides,
  }
}

export function makeRun(overrides: Partial<CandidateRun> = {}): CandidateRun {
  return {
    id: 'run-1',
    itemId: 'item-3',
    kind: 'sample',
    state: 'completed',
    createdAt: startOfTime + minute,
    finishedAt: startOfTime + minute + 400,
    sentence: 'Some requirements are not met yet.',
    verdict: 'partial',
    bootError: null,
    cases: [
      {
        title: 'accepts a valid signup',
        requirementId: 'R1',
        status: 'passed',
        durationMs: 4,
        exchanges: [],
        log: '',
      },
      {
        title: 'refuses an address without a domain',
        requirementId: 'R2',
        status: 'failed',
        durationMs: 5,
        failure: {
          message: 'expected 422 "Unprocessable Entity", got 201 "Created"',
          expected: '422',
          received: '201',
        },
        exchanges: [makeExchange()],
        log: 'signup not-an-email\n',
      },
    ],
    ...overrides,
  }
}

function makeCase(overrides: Partial<CaseResult>): CaseResult {
  return {
    id: `signup.test.ts:${overrides.requirementId}:${overrides.title}`,
    requirementId: 'R1',
    title: 'a case',
    status: 'passed',
    durationMs: 3,
    exchanges: [makeExchange()],
    log: '',
    ...overrides,
  }
}

export function makeGrade(overrides: Partial<GradeResult> = {}): GradeResult {
  return {
    verdict: 'partial',
    sentence: 'The program runs; 2 of 4 requirements are met.',
    score: { earned: 13.5, possible: 25 },
    requirements: [
      {
        id: 'R1',
        text: 'A valid signup answers `201` with the email.',
        competency: 'http',
        points: 5,
        earned: 5,
        isMet: true,
        casesPassed: 2,
        casesTotal: 2,
      },
      {
        id: 'R2',
        text: 'An invalid body answers `422` with one error per field.',
        competency: 'validation',
        points: 8,
        earned: 3.5,
        isMet: false,
        casesPassed: 1,
        casesTotal: 2,
      },
      {
        id: 'R3',
        text: 'Unknown fields are refused, not ignored.',
        competency: 'validation',
        points: 5,
        earned: 5,
        isMet: true,
        casesPassed: 1,
        casesTotal: 1,
      },
      {
        id: 'R4',
        text: 'A body that is not JSON answers `400`, never a stack trace.',
        competency: 'security',
        points: 7,
        earned: 0,
        isMet: false,
        casesPassed: 0,
        casesTotal: 1,
      },
    ],
    cases: [
      makeCase({ requirementId: 'R1', title: 'accepts a valid signup' }),
      makeCase({ requirementId: 'R1', title: 'answers with the stored email' }),
      makeCase({ requirementId: 'R2', title: 'names every wrong field' }),
      makeCase({
        requirementId: 'R2',
        title: 'refuses an address without a domain',
        status: 'failed',
        failure: {
          message: 'expected 422 "Unprocessable Entity", got 201 "Created"',
          expected: '422',
          received: '201',
          stack: 'AssertionError: expected 422\n    at signup.test.ts:41:12',
        },
        log: 'signup not-an-email\n',
      }),
      makeCase({ requirementId: 'R3', title: 'refuses isAdmin' }),
      makeCase({
        requirementId: 'R4',
        title: 'answers 400 to broken JSON',
        status: 'timed-out',
        exchanges: [makeExchange({ response: null, error: 'socket hang up' })],
      }),
    ],
    console: [
      { stream: 'stdout', text: 'listening\n' },
      { stream: 'stderr', text: 'SyntaxError: Unexpected token\n' },
    ],
    usage: { wallClockMs: 104, cpuMs: 92, peakMb: 48.3, outputBytes: 41 },
    hashes: {
      challenge: 'a1'.repeat(32),
      suite: 'b2'.repeat(32),
      runtime: 'c3'.repeat(32),
      limits: 'd4'.repeat(32),
      files: 'e5'.repeat(32),
    },
    seed: 42,
    ...overrides,
  }
}

export function makeAttemptSummary(overrides: Partial<AttemptSummary> = {}): AttemptSummary {
  return {
    id: 'attempt-1',
    candidateName: 'Ada Lovelace',
    candidateEmail: 'ada@example.org',
    assessmentTitle: 'Express fundamentals',
    invitationState: 'accepted',
    attemptState: 'graded',
    clock: { now: startOfTime + 65 * minute, deadline: startOfTime + 60 * minute },
    startedAt: startOfTime,
    submittedAt: startOfTime + 52 * minute,
    lastActivityAt: startOfTime + 52 * minute,
    score: { earned: 71.5, possible: 100 },
    ...overrides,
  }
}

export function makeAttemptDetail(overrides: Partial<AttemptDetail> = {}): AttemptDetail {
  return {
    ...makeAttemptSummary(),
    submittedBy: 'candidate',
    items: [
      {
        id: 'item-3',
        position: 1,
        slug: 'validate-signup',
        title: 'Validate a signup API',
        kind: 'build',
        competencies: ['validation', 'http'],
        grade: makeGrade(),
        runs: [
          {
            id: 'run-9',
            itemId: 'item-3',
            kind: 'grade',
            state: 'completed',
            outcome: 'completed',
            tries: 1,
            createdAt: startOfTime + 52 * minute,
            finishedAt: startOfTime + 52 * minute + 140,
            verdict: 'partial',
            score: { earned: 13.5, possible: 25 },
          },
          {
            id: 'run-2',
            itemId: 'item-3',
            kind: 'sample',
            state: 'completed',
            outcome: 'completed',
            tries: 1,
            createdAt: startOfTime + 31 * minute,
            finishedAt: startOfTime + 31 * minute + 900,
            verdict: 'accepted',
            score: { earned: 2, possible: 2 },
          },
          {
            id: 'run-1',
            itemId: 'item-3',
            kind: 'try',
            state: 'cancelled',
            outcome: 'cancelled',
            tries: 1,
            createdAt: startOfTime + 12 * minute,
            finishedAt: startOfTime + 13 * minute,
            verdict: null,
            score: null,
          },
        ],
      },
      {
        id: 'item-4',
        position: 2,
        slug: 'security-headers',
        title: 'Security headers for a real site',
        kind: 'build',
        competencies: ['security'],
        grade: null,
        runs: [],
      },
    ],
    history: [
      {
        at: startOfTime - 60 * minute,
        actor: 'Grace Hopper',
        action: 'invitation created',
        detail: 'Express fundamentals',
      },
      { at: startOfTime - minute, actor: 'candidate', action: 'link opened', detail: '' },
      { at: startOfTime, actor: 'candidate', action: 'attempt started', detail: 'consent 2026-05' },
      {
        at: startOfTime + 52 * minute,
        actor: 'candidate',
        action: 'attempt submitted',
        detail: '4 challenges',
      },
    ],
    ...overrides,
  }
}
