/** The page as it was built: read once, packed once it is asked for, each file under an address that changes with its bytes. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' }

export interface PageFile {
  /** `/assets/main.3f2a9c0d41b7.js`. */
  readonly address: string
  readonly type: string
  readonly plain: Buffer
  /** Packed by a thread of its own at the first request: no start waits for that, and no caller. */
  gzip(): Promise<Buffer>
  brotli(): Promise<Buffer>
}

export interface PageFiles {
  readonly script: PageFile
  readonly style: PageFile
  /** What the script brings along, at once or when it is needed: the build has named each after its bytes. */
  readonly pieces: readonly PageFile[]
  /** The document; `{{nonce}}` stands for what is drawn for each answer. */
  readonly html: string
}

/** Reads and packs what the build made. Throws where nothing was built. */
export function readPageFiles(folder = fileURLToPath(new URL('./page/', import.meta.url))): PageFiles {
  const [script, style] = ['main.js', 'page.css'].map(name => packed(name.replace('.', `.${hashOf(readFileSync(folder + name))}.`), readFileSync(folder + name))) as [PageFile, PageFile]
  return { script, style, pieces: piecesOf(folder, 'main.js', new Set()), html: readFileSync(`${folder}page.html`, 'utf8').replace('{{script}}', script.address).replace('{{style}}', style.address) }
}

/** The scripts that a script names, and those that they name. */
function piecesOf(folder: string, name: string, seen: Set<string>): PageFile[] {
  const named = [...readFileSync(folder + name, 'utf8').matchAll(/["']\.\/([\w-]+\.js)["']/g)].map(match => match[1] as string)
  return named.filter(one => !seen.has(one) && seen.add(one)).flatMap(one => [packed(one, readFileSync(folder + one)), ...piecesOf(folder, one, seen)])
}

function hashOf(plain: Buffer): string {
  return createHash('sha256').update(plain).digest('hex').slice(0, 12)
}

function packed(name: string, plain: Buffer): PageFile {
  return {
    address: `/assets/${name}`, type: TYPES[extname(name)] ?? 'application/octet-stream', plain,
    gzip: once(() => promisify(gzip)(plain, { level: 9 })),
    brotli: once(() => promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } })),
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
