import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Runs every suite and sample on real Node, against the reference solution of its challenge. */
export default defineConfig({
  resolve: {
    alias: { assay: fileURLToPath(new URL('./kit/index.ts', import.meta.url)) },
  },
  test: {
    include: [
      'graders/*/suite/*.test.ts',
      'challenges/*/sample/*.test.ts',
      'graders/native-agreement.test.ts',
    ],
    // Each case may boot a real process, on a machine that is busy with others.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Of the wrong solutions, each with a Vitest of its own.
    maxConcurrency: 2,
  },
})
