import type { Env, NodeObject } from '../isolate/env.ts'
import { withoutFrames } from './fs/uv-exception.ts'

/** What strerror(3) says, for the errors our tree can give. */
const texts: Record<string, string> = {
  EACCES: 'Permission denied',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
}

/** An error as `node::ErrnoException` makes it, without frames. */
export function errnoException(env: Env, code: string, syscall: string, path?: string): Error {
  const { errno } = env.internalBinding('constants').os as { errno: NodeObject }
  const shown = path === undefined ? '' : ` '${path}'`
  const error = withoutFrames(() => new Error(`${code}, ${texts[code] ?? code}${shown}`))
  const where = path === undefined ? {} : { path }
  return Object.assign(error, { errno: errno[code], code, ...where, syscall })
}
