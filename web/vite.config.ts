import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { type Budget, budgets } from './vite/budget.ts'
import { editorTypes } from './vite/editor-types.ts'
import { precompress } from './vite/precompress.ts'

const root = import.meta.dirname

const entry = '/index.html'
const candidate = '/src/app/CandidateShell.tsx'
const workspace = '/src/features/workspace/WorkspacePage.tsx'

const limits: Budget[] = [
  { name: 'Candidate pages', facades: [entry, candidate], limitKib: 220 },
  { name: 'Workspace without its editor', facades: [entry, candidate, workspace], limitKib: 250 },
  { name: 'Reviewer pages', facades: [entry, '/src/app/StaffShell.tsx'], limitKib: 220 },
  {
    name: 'Editor',
    facades: ['/src/features/workspace/editor/CodeEditor.tsx'],
    alreadyLoaded: [entry, candidate, workspace],
    limitKib: 900,
  },
]

export default defineConfig({
  root,
  plugins: [react(), editorTypes(), budgets(limits), precompress()],
  resolve: {
    alias: [
      {
        // y-monaco imports a path that monaco-editor's export map does not offer.
        find: 'monaco-editor/esm/vs/editor/editor.api.js',
        replacement: fileURLToPath(import.meta.resolve('monaco-editor/editor/editor.api.js')),
      },
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Vite would inline small files as data: URLs, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Monaco and its TypeScript worker are single files of several megabytes by nature.
    chunkSizeWarningLimit: 8_000,
    reportCompressedSize: false,
    // On a slow machine the first start would print advice on our plugins; nothing in it is for who reads it.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
})
