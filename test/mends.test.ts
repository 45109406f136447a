/** Mends of a file's shape, as rows: what was written, what `--fix --unsafe` makes of it, and whether `--fix` alone does. */
import t from 'tap'
import { mend } from '../src/cli/fix.ts'
import { SETTINGS, SOUNDS } from './survives.ts'

const HEAD = 'start: s\nlanguage: sv\nstates:\n'
const DESK = '  desk: { connect: "+46846500411", on: { failed: end } }\n'

const ROWS: readonly (readonly [name: string, safe: boolean, before: string, after: string])[] = [
  ['keys beside the verb, over lines', true, `${HEAD}  s:\n    ivr: menu.mp3 # the menu\n    1: desk\n    "*": desk # star\n    next: desk\n${DESK}`, `${HEAD}  s:\n    ivr: menu.mp3 # the menu\n    on: { 1: desk, "*": desk }\n    next: desk\n${DESK}`],
  ['keys beside the verb, in braces', true, `${HEAD}  s: { ivr: menu.mp3, 1: desk, failed: desk, next: desk, 2: desk }\n${DESK}`, `${HEAD}  s: { ivr: menu.mp3, on: { 1: desk, failed: desk, 2: desk }, next: desk }\n${DESK}`],
  ['beside `on` in braces', true, `${HEAD}  s: { connect: "+46846500411", busy: desk, on: { failed: desk } }\n${DESK}`, `${HEAD}  s: { connect: "+46846500411", on: { failed: desk, busy: desk } }\n${DESK}`],
  ['beside `on` over lines', true, `${HEAD}  s:\n    busy: desk\n    connect: "+46846500411"\n    on:\n      failed: desk # here\n${DESK}`, `${HEAD}  s:\n    connect: "+46846500411"\n    on:\n      failed: desk # here\n      busy: desk\n${DESK}`],
  ['tabs', true, 'start: s\nstates:\n\ts:\n\t\tplay: bye.mp3 # a\tb\n\t\tnext: end\n', 'start: s\nstates:\n  s:\n    play: bye.mp3 # a\tb\n    next: end\n'],
  ['an option of another verb', false, `${HEAD}  s: { play: bye.mp3, callerid: caller, next: end }\n`, `${HEAD}  s: { play: bye.mp3, next: end }\n`],
  ['the same, over lines', false, `${HEAD}  s:\n    play: bye.mp3\n    callerid: caller # no\n    next: end\n`, `${HEAD}  s:\n    play: bye.mp3\n    next: end\n`],
  ['two verbs in braces', false, `${HEAD}  s: { play: bye.mp3, skippable: false, connect: "+46846500411", on: { failed: end } }\n`, `${HEAD}  s: { play: bye.mp3, skippable: false, next: { connect: "+46846500411", on: { failed: end } } }\n`],
  ['two verbs over lines', false, `${HEAD}  s:\n    play: bye.mp3\n    record: true\n    # to the end\n    on:\n      success: end\n      failed: end\n`, `${HEAD}  s:\n    play: bye.mp3\n    next:\n      record: true\n      # to the end\n      on:\n        success: end\n        failed: end\n`],
  ['seconds in words', false, `${HEAD}  s: { connect: "+46846500411", timeout: twenty, on: { failed: t } }\n  t: { connect: "+46846500411", timeout: 25 s, on: { failed: end } }\n`, `${HEAD}  s: { connect: "+46846500411", timeout: 20, on: { failed: t } }\n  t: { connect: "+46846500411", timeout: 25, on: { failed: end } }\n`],
  ['yes, and a list of one', false, `${HEAD}  s: { play: bye.mp3, skippable: yes, next: t }\n  t: { connect: "+46846500411", timeout: [25], on: { failed: end } }\n`, `${HEAD}  s: { play: bye.mp3, skippable: true, next: t }\n  t: { connect: "+46846500411", timeout: 25, on: { failed: end } }\n`],
  ['a state that cannot be called so, with its uses', false, `start: Main menu!\nlanguage: sv\nkeys: { "9": Main menu! }\nstates:\n  Main menu!: { ivr: menu.mp3, on: { 1: Main menu!, 2: { play: bye.mp3, skippable: false, next: Main menu! } }, next: desk }\n${DESK}`, `start: main-menu\nlanguage: sv\nkeys: { "9": main-menu }\nstates:\n  main-menu: { ivr: menu.mp3, on: { 1: main-menu, 2: { play: bye.mp3, skippable: false, next: main-menu } }, next: desk }\n${DESK}`],
  ['Ändring', false, `${HEAD}  s: { play: bye.mp3, next: Ändring }\n  Ändring: { play: bye.mp3, next: end }\n`, `${HEAD}  s: { play: bye.mp3, next: andring }\n  andring: { play: bye.mp3, next: end }\n`],
  ['a state called end', false, `${HEAD}  s: { play: bye.mp3, next: end }\n  end: { play: bye.mp3, next: end }\n`, `${HEAD}  s: { play: bye.mp3, next: end-state }\n  end-state: { play: bye.mp3, next: end }\n`],
  ['no start', false, '# the bakery\nlanguage: sv\nstates:\n  s: { play: bye.mp3, next: end }\n', '# the bakery\nstart: s\nlanguage: sv\nstates:\n  s: { play: bye.mp3, next: end }\n'],
  ['outcomes that nobody thought of', false, `${HEAD}  s: { ivr: menu.mp3, on: { 1: t, 2: desk, nomatch: desk } }\n  t: { play: bye.mp3, skippable: false }\n${DESK}`, `${HEAD}  s: { ivr: menu.mp3, on: { 1: t, 2: desk, nomatch: desk, noinput: end, failed: end } }\n  t: { play: bye.mp3, next: end, skippable: false }\n${DESK}`],
]

for (const [name, safe, before, after] of ROWS) {
  void t.test(name, async t => {
    const set = (text: string) => ({ flows: [{ name: 'a', path: 'a.yaml', text }], sounds: SOUNDS })
    t.equal(mend(set(before), SETTINGS, true, undefined)[0]?.after, after)
    t.equal(mend(set(before), SETTINGS, false, undefined)[0]?.after, safe ? after : undefined, 'safe or not')
    t.same(mend(set(after), SETTINGS, true, undefined), [], 'a second run')
    const windows = mend(set(before.replaceAll('\n', '\r\n')), SETTINGS, true, undefined)[0]?.after
    t.equal(windows, after.replaceAll('\n', '\r\n'), 'line ends of Windows')
  })
}
