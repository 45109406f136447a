/** `tonval hours` as people and programs run it: arguments and files → exit status and output. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'

const folder = mkdtempSync(join(tmpdir(), 'tonval-hours-'))
t.teardown(() => rmSync(folder, { recursive: true }))
const states = 'states:\n  a: { play: sound/beep, next: end }\n'
const office = `start: a
timezone: Europe/Stockholm
schedules:
  office:
    open: { mon-thu: "08:00-12:00, 13:00-17:00", fri: 22:00-02:00 }
    holidays: SE
    except: { 2027-06-25: closed, 2027-12-24..2027-12-26: 10:00-24:00 }
  plain: { timezone: UTC, open: { daily: 00:00-24:00 } }
${states}`
mkdirSync(join(folder, 'flows'))
mkdirSync(join(folder, 'more'))
writeFileSync(join(folder, 'flows/office.yaml'), office)
// calls that fail do not change the hours
writeFileSync(join(folder, 'flows/office.calls.yaml'), 'calls: [{ name: a, steps: [{ play: sound/dtmf/1 }] }]\n')
writeFileSync(join(folder, 'flows/none.yaml'), `start: a\n${states}`)
writeFileSync(join(folder, 'more/broken.yaml'), office.replace('start: a', 'start: b'))

interface Ran { readonly status: number; readonly stdout: string; readonly stderr: string }

async function run(...args: readonly string[]): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const status = await runCommand(['hours', ...args], {
    stdout: { write: (text: string) => { stdout += text } }, stderr: { write: (text: string) => { stderr += text } }, stdin: (async function * () { yield '' })(), env: {}, cwd: folder,
  })
  return { status, stdout, stderr }
}

const CASES: readonly (readonly [args: readonly string[], status: number, stdout: RegExp, stderr: RegExp])[] = [
  [['--help'], 0, /^tonval hours: [^]*Exit status: 0 shown/, /^$/],
  [['office', '--year', '2027'], 0, /^office in 2027, Europe\/Stockholm\n\n {2}mon-thu +08:00-12:00, 13:00-17:00\n {2}fri +22:00-02:00\n {2}sat-sun +closed\n\n {2}2027-01-01 {2}fri {2}closed +holiday: nyårsdagen\n/, /^$/],
  [['office', '--year', '2027'], 0, /2027-03-28 {2}sun {2}closed +holiday: påskdagen; clocks: 02:00 becomes 03:00\n/, /^$/],
  [['office', '--year', '2027'], 0, /2027-06-25 {2}fri {2}closed +exception\n {2}2027-06-26 {2}sat {2}closed +holiday: midsommardagen\n/, /^$/],
  [['office', '--year', '2027'], 0, /2027-10-31 {2}sun {2}closed +clocks: 03:00 becomes 02:00\n[^]*2027-12-25 {2}sat {2}10:00-24:00 {2}exception \(juldagen\)\n/, /^$/],
  [['office', '--year', '2027'], 0, /\n\nplain in 2027, UTC\n\n {2}mon-sun {2}00:00-24:00\n\n {2}no day differs from the week\n$/, /^$/],
  [['flows/office.yaml', '--year=2028'], 0, /^office in 2028/, /^$/],
  [['office'], 0, /^office in 20\d\d, /, /^$/],
  [['office', '--dir', 'flows', '--year', '2039'], 0, /2039-12-26 {2}mon {2}closed +holiday: annandag jul\n/, /^$/],
  [['broken', '--dir', 'more'], 1, /^$/, /^error: [^]*unknown-target/],
  [['more/broken.yaml'], 1, /^$/, /more\/broken\.yaml:1:8/],
  [['none'], 2, /^$/, /`none` has no schedules/],
  [['ofice'], 2, /^$/, /no flow `ofice` in `flows`; did you mean `office`\?/],
  [[], 2, /^$/, /there are 2 flows in `flows`; name the one to show: none, office/],
  [['office', 'none'], 2, /^$/, /one flow at a time/],
  [['office', '--dir', 'nowhere'], 2, /^$/, /the folder `nowhere` does not exist; say with --dir/],
  [['office', '--year', '2023'], 2, /^$/, /the holidays are known from 2024 to 2039/],
  [['office', '--year', '2040'], 2, /^$/, /2024 to 2039/],
  [['office', '--year', 'next'], 2, /^$/, /`--year next`/],
  [['office', '--format', 'xml'], 2, /^$/, /does not know `xml`/],
  [['office', '--yaer', '2027'], 2, /^$/, /did you mean `--year`\?/],
]

for (const [args, status, stdout, stderr] of CASES) {
  void t.test(`hours ${args.join(' ')}`, async t => {
    const ran = await run(...args)
    t.equal(ran.status, status, ran.stderr)
    t.match(ran.stdout, stdout)
    t.match(ran.stderr, stderr)
  })
}

void t.test('json holds every day', async t => {
  const { version, flow, file, year, schedules } = JSON.parse((await run('office', '--year', '2028', '--format', 'json')).stdout)
  t.same([version, flow, file, year], [1, 'office', 'flows/office.yaml', 2028])
  t.same(schedules.map((one: { name: string; timezone: string; days: unknown[] }) => [one.name, one.timezone, one.days.length]), [['office', 'Europe/Stockholm', 366], ['plain', 'UTC', 366]])
  t.same(schedules[0].week, { mon: ['08:00-12:00', '13:00-17:00'], tue: ['08:00-12:00', '13:00-17:00'], wed: ['08:00-12:00', '13:00-17:00'], thu: ['08:00-12:00', '13:00-17:00'], fri: ['22:00-02:00'], sat: [], sun: [] })
  const on = (date: string) => schedules[0].days.find((day: { date: string }) => day.date === date)
  t.same(on('2028-02-29'), { date: '2028-02-29', day: 'tue', open: ['08:00-12:00', '13:00-17:00'] })
  t.same(on('2028-12-25'), { date: '2028-12-25', day: 'mon', open: [], by: 'holiday', holiday: 'juldagen' })
  t.same(on('2028-03-26'), { date: '2028-03-26', day: 'sun', open: [], clocks: { from: '02:00', to: '03:00' } })
  t.same(on('2028-10-29'), { date: '2028-10-29', day: 'sun', open: [], clocks: { from: '03:00', to: '02:00' } })
  const exception = JSON.parse((await run('office', '--year', '2027', '--format', 'json')).stdout).schedules[0].days.find((day: { date: string }) => day.date === '2027-12-25')
  t.same(exception, { date: '2027-12-25', day: 'sat', open: ['10:00-24:00'], by: 'exception', holiday: 'juldagen' })
})
