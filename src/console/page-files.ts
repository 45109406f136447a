/** The page as it was built: read once, packed once, each file under an address that changes with its bytes. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

export interface PageFile {
  /** `/assets/main.3f2a9c0d41b7.js`. */
  readonly address: string
  readonly type: string
  readonly plain: Buffer
  readonly gzip: Buffer
  readonly brotli: Buffer
}

export interface PageFiles {
  readonly script: PageFile
  readonly style: PageFile
  /** The document; `{{nonce}}` stands for what is drawn for each answer. */
  readonly html: string
}

/** Reads and packs what the build made. Throws where nothing was built. */
export function readPageFiles(folder = fileURLToPath(new URL('./page/', import.meta.url))): PageFiles {
  const script = packed(folder, 'main', 'js', 'text/javascript; charset=utf-8')
  const style = packed(folder, 'page', 'css', 'text/css; charset=utf-8')
  return { script, style, html: readFileSync(`${folder}page.html`, 'utf8').replace('{{script}}', script.address).replace('{{style}}', style.address) }
}

function packed(folder: string, name: string, ending: string, type: string): PageFile {
  const plain = readFileSync(`${folder}${name}.${ending}`)
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 12)
  return {
    address: `/assets/${name}.${hash}.${ending}`, type, plain, gzip: gzipSync(plain, { level: 9 }),
    brotli: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
  }
}
