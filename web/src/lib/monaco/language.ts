const byExtension: Record<string, string> = {
  js: 'javascript',
  cjs: 'javascript',
  mjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  cts: 'typescript',
  mts: 'typescript',
  tsx: 'typescript',
  json: 'json',
  md: 'markdown',
  html: 'html',
  css: 'css',
  yaml: 'yaml',
  yml: 'yaml',
}

/** Monaco's language id for a file name; plain text when it is not known. */
export function languageOf(path: string): string {
  const extension = path.split('.').at(-1) ?? ''
  return byExtension[extension.toLowerCase()] ?? 'plaintext'
}
