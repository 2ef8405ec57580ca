import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { editorTypes } from './vite/editor-types.ts'
import { precompress } from './vite/precompress.ts'

const root = import.meta.dirname

export default defineConfig({
  root,
  plugins: [react(), editorTypes(), precompress()],
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
  },
})
