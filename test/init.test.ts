/** `tonval init`: what it makes passes lint without a word and its own calls on every edge, it never overwrites, and editors complete from it offline. */
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import t from 'tap'
import { parse } from 'yaml'
import { runCommand } from '../src/cli/commands.ts'
import { BARE_NODE, ENV } from './node.ts'

async function run(cwd: string, ...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' }
  const status = await runCommand(args, { stdout: { write: (text: string) => { said.stdout += text } }, stderr: { write: (text: string) => { said.stderr += text } }, stdin: (async function * () { yield '' })(), env: {}, cwd })
  return { status, ...said }
}

/** Every file below a folder, with its bytes. */
function filesIn(folder: string, below = ''): Record<string, string> {
  return Object.fromEntries(readdirSync(join(folder, below)).sort().flatMap((name): [string, string][] => {
    const path = join(below, name)
    const stat = lstatSync(join(folder, path))
    return stat.isDirectory() ? Object.entries(filesIn(folder, path)) : [[path, stat.isSymbolicLink() ? '(a link)' : readFileSync(join(folder, path)).toString('latin1')]]
  }))
}

function folder(t: { teardown: (done: () => void) => void }): string {
  const made = mkdtempSync(join(tmpdir(), 'tonval-init-'))
  t.teardown(() => rmSync(made, { recursive: true, force: true }))
  return made
}

void t.test('what it makes is clean and guarded', async t => {
  for (const dir of ['.', 'new', 'a/b c/ö', 'there']) {
    const cwd = folder(t)
    if (dir === 'there') mkdirSync(join(cwd, dir))
    const made = await run(cwd, 'init', ...(dir === '.' ? [] : [dir]))
    t.match(made, { status: 0, stderr: '' }, dir)
    const here = join(cwd, dir)
    t.same(made.stdout.split('\n').filter(line => line.startsWith('made ')).map(line => line.slice('made '.length)).sort(), Object.keys(filesIn(here)).map(path => join(dir, path)).sort(), 'it says all that it made')
    t.match(made.stdout, dir === '.' ? /Next:\n {2}tonval lint / : dir === 'a/b c/ö' ? /\n {2}cd 'a\/b c\/ö'\n/ : `\n  cd ${dir}\n`)
    t.match(await run(here, 'lint', '--info', '--fail-on', 'info'), { status: 0, stdout: /^no problems in 2 files with \d+ states\n$/ })
    t.match(await run(here, 'test', '--coverage', '--min', '100'), { status: 0, stdout: /100 % of the edges are walked[^]*calls go as written/ })
    t.match(readFileSync(join(here, '.gitignore'), 'utf8'), /^\.tonval\/$/m)
    // the commands that it names are those that there are
    for (const [, command = ''] of made.stdout.matchAll(/^ {2}tonval (\w+)/gm)) t.equal((await run(here, command, '--help')).status, 0, command)
  }
})

void t.test('it never overwrites', async t => {
  const rows: [name: string, make: (cwd: string) => void, says: RegExp][] = [
    ['one of its files', cwd => { mkdirSync(join(cwd, 'flows')); writeFileSync(join(cwd, 'flows/reception.yaml'), 'mine') }, /`flows\/reception\.yaml` is already there and is never overwritten: nothing was written/],
    ['two of them', cwd => { writeFileSync(join(cwd, '.gitignore'), 'mine'); mkdirSync(join(cwd, '.vscode')); writeFileSync(join(cwd, '.vscode/settings.json'), '{}') }, /`\.vscode\/settings\.json` and `\.gitignore` are already there/],
    ['a link that leads nowhere', cwd => symlinkSync('gone', join(cwd, '.gitignore')), /`\.gitignore` is already there/],
    ['a file where a folder belongs', cwd => writeFileSync(join(cwd, 'flows'), 'mine'), /`flows\/reception\.yaml` cannot be written/],
  ]
  for (const [name, make, says] of rows) {
    const cwd = folder(t)
    make(cwd)
    const before = filesIn(cwd)
    t.match(await run(cwd, 'init'), { status: 2, stdout: '', stderr: says }, name)
    t.same(filesIn(cwd), before, `${name}: nothing was written`)
  }
  const cwd = folder(t)
  writeFileSync(join(cwd, 'README.md'), 'mine')
  t.equal((await run(cwd, 'init')).status, 0, 'a file that is none of its own is no obstacle')
  t.equal(filesIn(cwd)['README.md'], 'mine')
  t.match(await run(cwd, 'init'), { status: 2, stderr: /already there/ }, 'twice')
})

void t.test('bad usage', async t => {
  const cwd = folder(t)
  writeFileSync(join(cwd, 'file'), '')
  t.match(await run(cwd, 'init', 'a', 'b'), { status: 2, stderr: /takes one folder/ })
  t.match(await run(cwd, 'init', 'file'), { status: 2, stderr: /cannot be written/ })
  t.match(await run(cwd, 'init', '--force'), { status: 2, stderr: /no option `--force`/ })
  t.match(await run(cwd, 'init', '--help'), { status: 0, stdout: /never overwritten/ })
  if (process.getuid?.() !== 0) {
    chmodSync(cwd, 0o555)
    t.match(await run(cwd, 'init', 'new'), { status: 2, stderr: /cannot be written/ })
    chmodSync(cwd, 0o755)
  }
  const child = spawnSync(ENV, [...BARE_NODE, resolve('build/src/cli/main.js'), 'init', 'mine'], { cwd, encoding: 'utf8' })
  t.match(child, { status: 0, stderr: '', stdout: /^made mine\/flows\/reception\.yaml\n/ }, 'as a process of its own')
})

void t.test('editors complete from it offline', async t => {
  const cwd = folder(t)
  await run(cwd, 'init')
  for (const name of readdirSync(join(cwd, 'flows')).filter(name => name.endsWith('.yaml'))) {
    const text = readFileSync(join(cwd, 'flows', name), 'utf8')
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? []
    const path = join(cwd, 'flows', schema)
    t.ok(existsSync(path), `${name}: its modeline leads to a schema`)
    const read = JSON.parse(readFileSync(path, 'utf8')) as object
    t.notMatch(JSON.stringify(read), /"\$ref":"(?!#)/, 'which asks for no other')
    // as an editor does that knows nothing of tonval: with the types that YAML guesses
    const fits = new Ajv({ strictRequired: false, allErrors: true }).compile(read)
    t.ok(fits(parse(text)), `${name}: ${JSON.stringify(fits.errors)}`)
    t.notOk(fits({ ...parse(text) as object, stats: 1 }), 'and a misspelt key does not')
  }
  const settings = JSON.parse(readFileSync(join(cwd, '.vscode/settings.json'), 'utf8'))
  const schemas = Object.entries(settings['yaml.schemas'] as Record<string, string[]>)
  for (const [schema] of schemas) t.ok(existsSync(join(cwd, schema)), schema)
  t.same(schemas.map(([, globs]) => globs), [['flows/*.yaml', '!flows/*.calls.yaml'], ['flows/*.calls.yaml']], 'each file has one')
  t.equal(settings['yaml.schemaStore.enable'], false)
  t.match(JSON.parse(readFileSync(join(cwd, '.vscode/extensions.json'), 'utf8')), { recommendations: ['redhat.vscode-yaml'] })
  for (const name of ['flow', 'calls']) t.equal(readFileSync(join(cwd, `schema/${name}.schema.json`), 'utf8'), readFileSync(`schema/${name}.schema.json`, 'utf8'), 'the schema of this version')
  t.ok(existsSync(join(cwd, dirname('flows/reception/menu.mp3'))))
})
