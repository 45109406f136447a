/** The modules of src/, with what each imports and which of the process's own things it touches. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

export interface Module {
  /** From the repository's root, as in `src/parse/tree.ts`. */
  readonly path: string
  readonly lines: number
  /** As written: `node:fs`, `yaml`, `fastify/types`. */
  readonly packages: readonly string[]
  /** Those of `packages` that are there only for their types. */
  readonly packageTypes: readonly string[]
  /** Paths of our own modules, types included. */
  readonly imports: readonly string[]
  /** Those of `imports` that are loaded only when they are asked for (`await import(…)`), or never, because only their types are used. */
  readonly later: readonly string[]
  /** `process`, `setTimeout`, `Date.now`, `new Date()`, …: what a value has no business with. */
  readonly world: readonly string[]
}

const WORLD = new Set(['process', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'performance', 'console', 'randomBytes', 'randomUUID', 'randomInt'])
const WORLD_MEMBERS = new Set(['Date.now', 'Math.random', 'crypto.getRandomValues'])

/** Every TypeScript file below a folder, in order. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.tsx?$/.test(name)).map(name => join(folder, name).replaceAll('\\', '/')).sort()
}

/** One module, read. */
export function readModule(path: string, text = readFileSync(path, 'utf8')): Module {
  const { importedFiles } = ts.preProcessFile(text, true, true)
  const written = importedFiles.map(file => file.fileName)
  const own = written.filter(name => name.startsWith('.'))
  const packages = written.filter(name => !name.startsWith('.'))
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  const valued = new Set(source.statements.filter(statement => bringsValues(statement)).map(statement => specifier(statement)))
  return {
    path,
    lines: text.split('\n').length - 1,
    packages,
    packageTypes: packages.filter(name => importsOf(source, name).length > 0 && !valued.has(name)),
    imports: own.map(name => join(dirname(path), name).replaceAll('\\', '/')),
    later: own.filter(name => !valued.has(name)).map(name => join(dirname(path), name).replaceAll('\\', '/')),
    world: worldOf(source),
  }
}

function importsOf(source: ts.SourceFile, name: string): ts.Statement[] {
  return source.statements.filter(statement => specifier(statement) === name)
}

function specifier(statement: ts.Statement): string | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined
  const { moduleSpecifier } = statement
  return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined
}

function bringsValues(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement)) return !statement.isTypeOnly
  return ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword
}

function worldOf(source: ts.SourceFile): string[] {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    const isName = ts.isPropertyAccessExpression(node.parent ?? node) && (node.parent as ts.PropertyAccessExpression).name === node
    const isKey = node.parent !== undefined && (ts.isPropertyAssignment(node.parent) || ts.isPropertySignature(node.parent)) && node.parent.name === node
    if (ts.isIdentifier(node) && WORLD.has(node.text) && !isName && !isKey) found.add(node.text)
    if (ts.isPropertyAccessExpression(node) && WORLD_MEMBERS.has(node.getText(source))) found.add(node.getText(source))
    if (ts.isNewExpression(node) && node.expression.getText(source) === 'Date' && (node.arguments ?? []).length === 0) found.add('new Date()')
    if (ts.isMetaProperty(node) && node.getText(source) === 'import.meta') found.add('import.meta')
    ts.forEachChild(node, visit)
  }
  visit(source)
  return [...found]
}
