/** A page for every code that a problem can have: the rules, and what reading and linking say. */
import type { Page } from './rule.ts'
import { FILE_RULES, RULES } from './lint.ts'
import { conflictingSwitch } from './conflicting-switch.ts'
import { badSilence } from './silence.ts'
import { fileNotLoaded } from './file-not-loaded.ts'
import { CALLS_PAGES } from './pages/calls.ts'
import { BESIDE_PAGES } from './pages/beside.ts'
import { FILE_PAGES } from './pages/file.ts'
import { HOURS_PAGES } from './pages/hours.ts'
import { SHAPE_PAGES } from './pages/shape.ts'
import { FLOW_PAGES } from './pages/flows.ts'
import { NAME_PAGES } from './pages/names.ts'

/** All pages by name, those of errors first. */
export const PAGES: ReadonlyMap<string, Page> = new Map(
  [...FILE_PAGES, ...FILE_RULES, ...SHAPE_PAGES, ...NAME_PAGES, ...FLOW_PAGES, ...HOURS_PAGES, ...BESIDE_PAGES, ...CALLS_PAGES, ...RULES, conflictingSwitch, fileNotLoaded, badSilence]
    .sort((a, b) => rank(a) - rank(b))
    .map(page => [page.name, page]),
)

function rank({ severity }: Page): number {
  return ['error', 'warning', 'info'].indexOf(severity)
}
