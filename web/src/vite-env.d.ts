/// <reference types="vite/client" />

declare module 'virtual:editor-types' {
  /** Package name → address of a JSON asset: virtual path → declaration text. */
  export const editorTypeUrls: Record<string, string>
}
