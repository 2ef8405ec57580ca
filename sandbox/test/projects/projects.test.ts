import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Project, runProjectInside, runProjectOnNode } from './run-project.ts'

const projects: (Omit<Project, 'folder'> & { name: string })[] = [
  {
    name: 'shop',
    main: 'main.js',
    packages: [
      'cookie-parser',
      'express@4',
      'express-session',
      'morgan',
      'multer',
      'passport',
      'passport-local',
    ],
  },
  {
    name: 'rates',
    main: 'main.js',
    packages: [
      'compression',
      'cors',
      'express',
      'express-rate-limit',
      'helmet',
      'jsonwebtoken',
      'p-retry',
      'pino',
      'zod',
    ],
  },
  {
    name: 'hooks',
    main: 'main.ts',
    packages: ['express', 'graphql', 'graphql-http', 'opossum', 'prom-client'],
  },
]

describe('a whole project, visited by its own scenario', () => {
  test.each(projects)('$name prints what it prints on Node', async ({ name, ...project }) => {
    const folder = fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
    const [native, inside] = await Promise.all([
      runProjectOnNode({ folder, ...project }),
      runProjectInside({ folder, ...project }),
    ])
    expect(inside).toEqual(native)
    expect(native).toMatchObject({ exitCode: 0, stderr: '' })
  })
})
