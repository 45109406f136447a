/** `# tonval-ignore`: what is silenced, what is not, and what is said of silences themselves. */
import t from 'tap'
import { Lines } from '../src/problem/lines.ts'
import { checkText } from './flow-in-text.ts'

const HEAD = 'start: menu\nstates:\n'
const TAIL = '  desk: { connect: "+46846500411", on: { failed: bye } }\n  bye: { play: bye.mp3, next: end }\n'
const MENU = '  menu: { ivr: menu.mp3, on: { 1: desk, "*": bye, noinput: desk, nomatch: end, failed: desk } }\n'
const BLOCK = '  menu:\n    ivr: menu.mp3\n    on:\n      1: desk\n      "*": bye\n      noinput: desk\n      nomatch: end\n      failed: desk\n'
const ABRUPT = '# tonval-ignore abrupt-end -- the call centre wants it so'

const ROWS: readonly (readonly [name: string, text: string, wanted: readonly string[], says?: RegExp])[] = [
  ['nothing is silenced', HEAD + MENU + TAIL, ['3 undocumented-key', '3 abrupt-end']],
  ['on the line before', `${HEAD}  ${ABRUPT}\n${MENU}${TAIL}`, ['4 undocumented-key']],
  ['on the line itself', `${HEAD}${MENU.trimEnd()} ${ABRUPT}\n${TAIL}`, ['3 undocumented-key']],
  ['before the state: all of it', `${HEAD}  ${ABRUPT}\n${BLOCK}${TAIL}`, ['8 undocumented-key']],
  ['on the state', `${HEAD}${BLOCK.replace('menu:', `menu: ${ABRUPT}`)}${TAIL}`, ['7 undocumented-key']],
  ['before the very line', `${HEAD}${BLOCK.replace('      nomatch', `      ${ABRUPT}\n\n      # and more\n      nomatch`)}${TAIL}`, ['7 undocumented-key']],
  ['another state is not meant', `${HEAD}${BLOCK}  ${ABRUPT}\n${TAIL}`, ['7 undocumented-key', '9 abrupt-end', '11 bad-silence'], /finds nothing here/],
  ['two', `${HEAD}  ${ABRUPT}\n  # tonval-ignore undocumented-key -- tried with this carrier\n${MENU}${TAIL}`, []],
  ['no reason', `${HEAD}  # tonval-ignore abrupt-end\n${MENU}${TAIL}`, ['3 bad-silence', '4 undocumented-key'], /gives no reason/],
  ['an empty reason', `${HEAD}  # tonval-ignore abrupt-end --\n${MENU}${TAIL}`, ['3 bad-silence', '4 undocumented-key'], /gives no reason/],
  ['no rule', `${HEAD}  # tonval-ignore\n${MENU}${TAIL}`, ['3 bad-silence', '4 undocumented-key', '4 abrupt-end'], /names no rule/],
  ['no such rule', `${HEAD}  # tonval-ignore abrupt-ned -- so\n${MENU}${TAIL}`, ['3 bad-silence', '4 undocumented-key', '4 abrupt-end'], /no rule `abrupt-ned`/],
  ['an error', `${HEAD}  # tonval-ignore unknown-target -- so\n${MENU.replace('end', 'edn')}${TAIL}`, ['3 bad-silence', '4 unknown-target'], /errors cannot be silenced/],
  ['no effect, in a file that was not read whole', `${HEAD}  ${ABRUPT}\n${MENU.replace('end', 'edn')}${TAIL}`, ['4 unknown-target']],
  ['words in a text are no silence', `title: "# tonval-ignore abrupt-end"\n${HEAD}${MENU}${TAIL}`, ['4 undocumented-key', '4 abrupt-end']],
]

for (const [name, text, wanted, says] of ROWS) {
  void t.test(name, async t => {
    const lines = new Lines(text)
    const { problems } = checkText(text)
    t.same(problems.map(one => `${lines.at(one.span.start).line} ${one.code}`), wanted)
    if (says !== undefined) t.match(problems.find(one => one.code === 'bad-silence')?.message, says)
  })
}
