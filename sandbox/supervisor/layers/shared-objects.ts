import { existsSync } from 'node:fs'

let objects: string[] | undefined

/** Libraries of the running Node under the names its loader looks for, the loader itself among them. */
export function sharedObjects(): string[] {
  if (objects === undefined) {
    // Missing in the types. Without it a report resolves the names of open connections, which may take seconds.
    const settings = process.report as unknown as { excludeNetwork: boolean }
    const isNetworkLeftOut = settings.excludeNetwork
    settings.excludeNetwork = true
    const report = process.report.getReport() as unknown as { sharedObjects: string[] }
    settings.excludeNetwork = isNetworkLeftOut
    objects = report.sharedObjects.filter(
      (path) => /^\/.*\.so(\.|$)/.test(path) && existsSync(path),
    )
  }
  return objects
}
