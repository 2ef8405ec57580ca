import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Stands in every secret file: no answer to a candidate may ever contain it. */
export const canary = 'CANARY-3f9c1d'

export const manifestYaml = (overrides = '') => `id: 7f1f4f3e-6a39-4a6e-9d6a-0c6f0f3a1b2c
version: 1
title: Say hello
kind: build
level: junior
minutes: 10
language: js
competencies: [http]
requirements:
  - { id: R1, text: Says hello, points: 10, competency: http }
  - { id: R2, text: Says goodbye, points: 5, competency: http }
  - { id: R3, text: Counts, points: 5, competency: http }
  - { id: R4, text: Forgets nothing, points: 5, competency: http, partial: true }
files:
  entry: app.js
  readOnly: [package.json]
  hidden: ['fixtures/**']
  open: [app.js]
packages: [express]
license: MIT
authors: [Assay]
status: active
${overrides}`

/** With a line of code that is too long for a phone. */
const statement = `# Say hello

Answer every request with hello.

\`\`\`js
app.use((request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hello'))
\`\`\`
`

export const rubricYaml = `criteria:
  - id: clarity
    title: Says what it means
    levels:
      - { score: 0, text: ${canary} }
      - { score: 1, text: Clear }
`

const challengeFiles = (slug: string, position: number): Record<string, string> => ({
  [`challenges/${slug}/challenge.yaml`]: manifestYaml().replace(
    '7f1f4f3e',
    `7f1f4f3${position.toString(16)}`,
  ),
  [`challenges/${slug}/README.md`]: statement,
  [`challenges/${slug}/starter/app.js`]: "console.log('starter')\n",
  [`challenges/${slug}/starter/package.json`]: '{ "type": "module" }\n',
  [`challenges/${slug}/starter/fixtures/data.json`]: '{}\n',
  [`challenges/${slug}/sample/hello.test.ts`]: '// visible\n',
  [`graders/${slug}/suite/hello.test.ts`]: `// ${canary} suite\n`,
  [`graders/${slug}/solution/app.js`]: `// ${canary} solution\n`,
  [`graders/${slug}/wrong/one/app.js`]: `// ${canary} wrong\n`,
  [`graders/${slug}/wrong/one/wrong.yaml`]: `why: ${canary}\nfails: [R1]\npasses: [R2]\n`,
  [`graders/${slug}/rubric.yaml`]: rubricYaml,
  [`graders/${slug}/notes.md`]: `${canary}\n`,
})

export const writeFiles = (root: string, files: Record<string, string>) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** Writes a small pack whose secret side is full of canaries. */
export const makePack = (root: string, slugs = ['say-hello', 'say-more']) => {
  writeFiles(root, { 'pack.yaml': 'name: test\ntitle: Test pack\nlicense: MIT\n' })
  for (const [position, slug] of slugs.entries()) writeFiles(root, challengeFiles(slug, position))
}
