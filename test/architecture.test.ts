/** Holds the layout of src/: the order of its folders, the home of each library, the purity of the first half, sizes and names. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import t from 'tap'
import { filesBelow, readModule } from './modules.ts'
import type { Module } from './modules.ts'

/** The stages in their order: a file imports its own or an earlier one. Those in one row do not know each other. */
const ORDER: readonly (readonly string[])[] = [
  ['problem'], ['parse'], ['validate'], ['compile'], ['run'], ['simulate'], ['lint'], ['diff'], ['draw'], ['check.ts'],
  ['carrier'], ['emulator'], ['prompts'], ['store'], ['outbox'], ['reload'], ['serve', 'console'], ['lsp'], ['cli'], ['index.ts'],
]
/** The last stage that knows values only: no disk, no network, no clock, no chance. */
const LAST_PURE = 'check.ts'

/** What Node brings that is only arithmetic. */
const PURE_NODE = ['node:crypto']
/** Exceptions, each with its reason. */
const ALLOWED_WORLD: Readonly<Record<string, readonly string[]>> = {
  // the schema is part of the program, and JSON modules are not stable in Node 20
  'src/validate/schema.ts': ['node:module', 'import.meta'],
  // what the build made of the schema, and Ajv where it made nothing: loaded when it is first asked
  'src/validate/fits-schema.ts': ['node:module', 'import.meta'],
  // a library that most commands never need, loaded when a number is first read
  'src/run/phone-number.ts': ['node:module', 'import.meta'],
  // half a second of calendars, loaded only for a flow that asks for holidays
  'src/compile/schedule/holidays.ts': ['node:module', 'import.meta'],
}

/** The only stages that use a library. A library that is not listed has no home yet: give it one here. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'yaml': ['parse'],
  'ajv': ['validate'],
  '@viz-js/viz': ['draw'],
  'csv-parse': ['parse'],
  're2js': ['compile'],
  'date-holidays': ['compile'],
  'libphonenumber-js': ['run'],
  'fast-querystring': ['carrier'],
  'undici': ['emulator', 'carrier', 'outbox'],
  'music-metadata': ['emulator'],
  'mpg123-decoder': ['prompts'],
  '@wasm-audio-decoders/ogg-vorbis': ['prompts'],
  '@echogarden/espeak-ng-emscripten': ['prompts'],
  'libsql': ['store'],
  'nodemailer': ['outbox'],
  'chokidar': ['reload'],
  'fastify': ['serve', 'console'],
  '@fastify/rate-limit': ['serve', 'console'],
  '@fastify/static': ['serve', 'console'],
  'ipaddr.js': ['outbox', 'serve'],
  'prom-client': ['console'],
  'vscode-languageserver': ['lsp'],
  'vscode-languageserver-textdocument': ['lsp'],
  'pino': ['cli'],
  'close-with-grace': ['cli'],
}
/** What the build puts into the page: no package of ours needs them to run. */
const IN_PAGE = [
  'preact', '@codemirror/autocomplete', '@codemirror/commands', '@codemirror/lang-yaml', '@codemirror/language', '@codemirror/lint', '@codemirror/search', '@codemirror/state', '@codemirror/view',
  '@lezer/highlight',
]
const PAGE = 'src/console/page/'
/** What the routes answer, as both they and the page read it: nothing but types, so that a browser loads none of it. */
const SHAPES = 'src/console/shapes/'
/** Libraries whose types may be named anywhere below the pure stages: a logger is handed on. */
const TYPES_ANYWHERE = ['pino']

const MOST_LINES = 300
const NO_NAMES = /^(utils?|helpers?|common|managers?|misc)$|-(utils?|helpers?|manager)$/

const TOP_LEVEL = [
  'package.json', 'package-lock.json', 'tsconfig.json', 'src', 'test', 'flows', 'schema', 'README.md', 'LICENSE',
  '.git', '.gitignore', '.ci', 'Dockerfile', '.dockerignore', 'eslint.config.js', '.taprc',
]

/** What a server brings along: `tonval lint` must start without it. */
const SLOW = ['fastify', 'prom-client', '@fastify/rate-limit', '@fastify/static', 'chokidar', 'pino', 'undici', 'node:sqlite', 'libsql', 'nodemailer', 'node:worker_threads', 'node:http']

const modules = filesBelow('src').map(path => readModule(path))
const byPath = new Map(modules.map(module => [module.path, module]))
const stageOf = (path: string): string => path.split('/')[1] as string
const rank = (path: string): number => ORDER.findIndex(row => row.includes(stageOf(path)))
const packageOf = (name: string): string => (name.startsWith('@') ? name.split('/').slice(0, 2) : name.split('/').slice(0, 1)).join('/')
const isPure = (path: string): boolean => rank(path) <= ORDER.findIndex(row => row.includes(LAST_PURE))

/** What a module breaks, in words. */
function breaches(module: Module): string[] {
  const { path } = module
  const stage = stageOf(path)
  if (rank(path) < 0) return [`${path} stands in no stage: ORDER does not know ${stage}`]
  const found: string[] = []
  for (const other of module.imports) {
    if (!other.startsWith('src/')) found.push(`${path} imports ${other}, which is not in src/`)
    else if (!path.startsWith(PAGE) && other.startsWith(PAGE)) found.push(`${path} imports ${other}, which runs in a browser`)
    else if (path.startsWith(PAGE) && !other.startsWith(PAGE) && !other.startsWith(SHAPES) && !isPure(other)) found.push(`${path} imports ${other}, which does not run in a browser`)
    else if (rank(other) > rank(path)) found.push(`${path} imports ${other}, which comes later`)
    else if (rank(other) === rank(path) && stageOf(other) !== stage) found.push(`${path} imports ${other}, which stands beside it`)
  }
  for (const name of module.packages.filter(one => !one.startsWith('node:'))) {
    const library = packageOf(name)
    const typesOnly = module.packageTypes.includes(name) && TYPES_ANYWHERE.includes(library) && !isPure(path)
    if (path.startsWith(PAGE) && IN_PAGE.includes(library)) continue
    if (!typesOnly && !(HOMES[library] ?? []).includes(stage)) found.push(`${path} imports ${name}, whose home is ${(HOMES[library] ?? ['nowhere']).join(', ')}`)
  }
  if (isPure(path)) {
    const touched = [...module.packages.filter(name => name.startsWith('node:') && !PURE_NODE.includes(name)), ...module.world]
    for (const thing of touched) if (!(ALLOWED_WORLD[path] ?? []).includes(thing)) found.push(`${path} uses ${thing}, and this half of the stages knows values only`)
  }
  if (path.startsWith(PAGE)) for (const name of module.packages) if (name.startsWith('node:')) found.push(`${path} imports ${name}, which no browser has`)
  if (path.startsWith(SHAPES)) for (const name of [...module.imports.filter(one => !module.later.includes(one)), ...module.packages]) found.push(`${path} imports ${name}, and shapes are types only`)
  if (NO_NAMES.test(basename(path).replace(/\.tsx?$/, ''))) found.push(`${path}: a file is named after what it does`)
  return found
}

void t.test('every module keeps to the order, the homes and the purity', async t => {
  t.ok(modules.length > 10, `${modules.length} modules were read`)
  t.ok(modules.some(module => module.imports.length > 0) && modules.some(module => module.packages.length > 0), 'their imports were seen')
  t.strictSame(modules.flatMap(breaches), [])
  t.strictSame(modules.flatMap(({ path, imports }) => imports.filter(other => !byPath.has(other)).map(other => `${path} imports ${other}, which is not there`)), [])
})

void t.test('a breach is seen', async t => {
  const rows: [path: string, text: string, says: RegExp][] = [
    ['src/parse/x.ts', `import type { Flow } from '../compile/flow.ts'`, /comes later/],
    ['src/parse/x.ts', `export * from '../lint/lint.ts'`, /comes later/],
    ['src/parse/x.ts', `const x = await import('../check.ts')`, /comes later/],
    ['src/check.ts', `import { x } from './carrier/token.ts'`, /comes later/],
    ['src/serve/x.ts', `import { x } from '../console/y.ts'`, /beside it/],
    ['src/console/x.ts', `import { x } from '../serve/y.ts'`, /beside it/],
    ['src/cli/x.ts', `import { x } from '../../test/y.ts'`, /not in src/],
    ['src/console/app.ts', `import { x } from './page/store.ts'`, /runs in a browser/],
    ['src/console/page/x.tsx', `import { x } from '../origin.ts'`, /does not run in a browser/],
    ['src/console/page/x.tsx', `import { x } from 'node:fs'`, /no browser has/],
    ['src/console/shapes/x.ts', `import { x } from '../../draw/style.ts'`, /types only/],
    ['src/console/shapes/x.ts', `export { x } from '../../store/states.ts'`, /types only/],
    ['src/console/shapes/x.ts', `import type { x } from 'node:fs'`, /types only/],
    ['src/console/app.ts', `import { x } from 'preact'`, /home is nowhere/],
    ['src/other/x.ts', '', /no stage/],
    ['src/lint/x.ts', `import { parse } from 'yaml'`, /home is parse/],
    ['src/lint/x.ts', `import type { Node } from 'yaml'`, /home is parse/],
    ['src/lint/x.ts', `import leftPad from 'left-pad'`, /home is nowhere/],
    ['src/lint/x.ts', `import type { Logger } from 'pino'`, /home is cli/],
    ['src/serve/x.ts', `import { pino } from 'pino'`, /home is cli/],
    ['src/run/x.ts', `import { readFileSync } from 'node:fs'`, /uses node:fs/],
    ['src/run/x.ts', `import { createRequire } from 'node:module'`, /uses node:module/],
    ['src/run/x.ts', 'const x = process.env', /uses process/],
    ['src/run/x.ts', 'const x = { process }', /uses process/],
    ['src/run/x.ts', 'setTimeout(() => 1)', /uses setTimeout/],
    ['src/run/x.ts', 'const x = Date.now()', /uses Date\.now/],
    ['src/run/x.ts', 'const x = new Date()', /uses new Date\(\)/],
    ['src/run/x.ts', 'const x = Math.random()', /uses Math\.random/],
    ['src/run/x.ts', `import { randomBytes } from 'node:crypto'`, /uses randomBytes/],
    ['src/run/utils.ts', '', /named after what it does/],
  ]
  for (const [path, text, says] of rows) t.match(breaches(readModule(path, text)).join('\n'), says, `${path}: ${text}`)
  const fine: [path: string, text: string][] = [
    ['src/run/x.ts', `import { createHash } from 'node:crypto'\nconst x = new Date(0) // process, Date.now()\nconst y = 'process'\nconst z = { process: x }.process`],
    ['src/serve/x.ts', `import type { Logger } from 'pino'`],
    ['src/console/page/x.tsx', `import { render } from 'preact'\nimport { x } from '../../draw/style.ts'`],
    ['src/console/page/x.tsx', `import type { X } from '../shapes/x.ts'`],
    ['src/console/shapes/x.ts', `import type { X } from '../../store/states.ts'\nexport type { Y } from '../../draw/shape.ts'`],
    ['src/index.ts', `export { serve } from './serve/serve.ts'`],
    ['src/lint/rules/x.ts', `import { check } from '../rule.ts'`],
  ]
  for (const [path, text] of fine) t.strictSame(breaches(readModule(path, text)), [], `${path}: ${text}`)
})

void t.test('no module imports itself in a circle', async t => {
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(' → ')]
    if (done.has(path)) return []
    const found = (byPath.get(path)?.imports ?? []).flatMap(other => walk(other, [...trail, path]))
    done.add(path)
    return found
  }
  t.strictSame(modules.flatMap(({ path }) => walk(path, [])), [])
})

void t.test('`tonval lint` starts without what only a server needs', async t => {
  const reached = new Set<string>()
  const packages = new Set<string>()
  const queue = ['src/cli/lint.ts']
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    const { imports = [], later = [], packages: used = [] } = byPath.get(path) ?? {}
    queue.push(...imports.filter(other => !later.includes(other)))
    // what is loaded when it is first needed is held by test/cold-start.test.ts
    for (const name of used) packages.add(packageOf(name))
  }
  t.ok(packages.has('yaml'), 'the imports were followed')
  t.strictSame(SLOW.filter(name => packages.has(name)), [])
})

void t.test('every library has a home, and is one of ours', async t => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  t.strictSame(Object.keys(HOMES).sort(), Object.keys({ ...dependencies, ...optionalDependencies }).sort())
  t.strictSame(IN_PAGE.filter(name => devDependencies[name] === undefined), [])
})

void t.test('sizes', async t => {
  const files = [...modules, ...filesBelow('test').map(path => readModule(path))]
  t.ok(files.length > modules.length)
  t.strictSame(files.filter(file => file.lines > MOST_LINES).map(file => `${file.path} has ${file.lines} lines`), [])
})

void t.test('the top level holds what every repository has, and our six', async t => {
  const ignored = readFileSync('.gitignore', 'utf8').split('\n').map(line => line.trim().replace(/\/$/, ''))
  const isIgnored = (name: string): boolean => ignored.includes(name) || (name.endsWith('.log') && ignored.includes('*.log'))
  t.strictSame(readdirSync('.').filter(name => !TOP_LEVEL.includes(name) && !isIgnored(name)), [])
})
