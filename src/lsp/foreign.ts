/** Whether a folder's YAML is somebody else's: an editor may hand over every YAML file that it opens. */
import { basename } from 'node:path'
import type { SourceSet } from '../check.ts'
import { nearest } from '../validate/nearest.ts'

/** Keys by which a flow or scripted calls are known. */
const OURS = ['start', 'states', 'numbers', 'prompts', 'calls']

/** True where no file has a key of a flow's, and neither the name of the folder nor a modeline says that they are flows. A file without any key may become one. */
export function isForeign(set: SourceSet, folder: string | undefined): boolean {
  if (folder !== undefined && basename(folder) === 'flows') return false
  return [...set.flows, ...(set.calls ?? [])].every(file => isForeignText(file.text))
}

function isForeignText(text: string): boolean {
  if (/^#.*\$schema=\S*(flow|calls)\.schema\.json/m.test(text)) return false
  const keys = [...text.matchAll(/^["']?([A-Za-z_][\w-]*)["']?\s*:/gm)].map(match => match[1] as string)
  return keys.length > 0 && !keys.some(key => nearest(key, OURS) !== undefined)
}
