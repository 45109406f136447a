import { createRequire } from 'node:module'

// both from the sources and from the built package, package.json lies above src/ or build/
const packageRoot = import.meta.url.includes('/build/src/') ? '../../../' : '../../'

/** The version of this tonval. */
export function version(): string {
  return (createRequire(import.meta.url)(`${packageRoot}package.json`) as { version: string }).version
}
