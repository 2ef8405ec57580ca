import type { BindingFactory } from '../isolate/env.ts'

/**
 * URLs are parsed by the pinned binary's own parser (ada) behind the door: strings in, href and component offsets
 * out. Nothing else knows every rule of the URL standard exactly as Node does.
 */
export const url: BindingFactory = (env) => {
  const urlComponents = new Uint32Array(9)
  const accept = (answer: unknown, input: string, base: string | undefined, isRaising: boolean) => {
    if (Array.isArray(answer)) {
      urlComponents.set(answer.slice(1) as number[])
      return answer[0] as string
    }
    if (isRaising) throw invalidUrl(input, base)
    return undefined
  }
  return {
    urlComponents,
    parse: (input: string, base: string | undefined, isRaising: boolean) =>
      accept(env.door('url.parse', input, base), input, base, isRaising),
    canParse: (input: string, base?: string) => Array.isArray(env.door('url.parse', input, base)),
    update(href: string, action: number, value: string) {
      const answer = env.door('url.update', href, action, value)
      if (!Array.isArray(answer)) return false
      urlComponents.set(answer.slice(1) as number[])
      return answer[0] as string
    },
    format: (href: string, fragment: boolean, unicode: boolean, search: boolean, auth: boolean) =>
      env.door('url.format', href, fragment, unicode, search, auth),
    getOrigin: (href: string) => env.door('url.origin', href),
    pathToFileURL(path: string, isWindows: boolean, base?: string) {
      const answer = env.door('url.pathToFile', path, isWindows, base)
      if (!Array.isArray(answer)) throw invalidUrl(path, base)
      urlComponents.set(answer.slice(1) as number[])
      return answer[0] as string
    },
    domainToASCII: (domain: string) => env.door('url.toAscii', domain),
    domainToUnicode: (domain: string) => env.door('url.toUnicode', domain),
  }
}

function invalidUrl(input: string, base: string | undefined): Error {
  const error = new TypeError('Invalid URL') as TypeError & {
    code: string
    input: string
    base?: string
  }
  error.code = 'ERR_INVALID_URL'
  error.input = input
  if (base !== undefined) error.base = base
  return error
}
