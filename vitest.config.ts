import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Programs that tests run; their own test files are not ours. */
const exclude = ['**/node_modules/**', '**/fixtures/**', 'dist/**']

/** The kit as suites import it: by the package's own name. */
const alias = { assay: fileURLToPath(new URL('./kit/index.ts', import.meta.url)) }

/** Without this flag an isolate made inside Node 20 or newer can end the whole process. */
const isolateFlags = ['--no-node-snapshot', '--no-flush-bytecode']

/**
 * One project per kind of test; `vitest run --project unit` runs one of them.
 * The suites of the challenges run natively under vitest.native.config.ts.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{contract,server,kit,scripts,bench}/**/*.test.{ts,mjs}', 'e2e/*.unit.test.ts'],
          exclude: [...exclude, 'server/grading/**'],
          // Some of these start real processes on a machine that is busy with other tests.
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        plugins: [react()],
        test: {
          name: 'web',
          include: ['web/**/*.test.{ts,tsx}'],
          exclude,
          environment: 'jsdom',
        },
      },
      {
        extends: true,
        test: {
          name: 'sandbox',
          include: ['sandbox/**/*.test.ts'],
          exclude,
          pool: 'forks',
          execArgv: isolateFlags,
          // A guarantee about limits waits for a real limit to trip.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'grading',
          include: ['server/grading/**/*.test.ts'],
          exclude,
          pool: 'forks',
          execArgv: isolateFlags,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [...exclude, 'e2e/*.unit.test.ts'],
          pool: 'forks',
          // One browser and one server at a time: on two cores anything more measures the machine.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
