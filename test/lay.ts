/** Folders with the files that a test needs, below one that is gone when all tests of the file are done. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'

/** Contents by path; null is a folder. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string } | null>>

let root: string | undefined
let folders = 0

/** A new folder with these files in it. */
export function lay(files: Files = {}): string {
  root ??= makeRoot()
  const folder = join(root, String(folders++))
  mkdirSync(folder)
  for (const [path, content] of Object.entries(files)) {
    const full = join(folder, path)
    mkdirSync(content === null ? full : dirname(full), { recursive: true })
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(full, content)
    else if (content !== null) symlinkSync(content.link, full)
  }
  return folder
}

function makeRoot(): string {
  const made = mkdtempSync(join(tmpdir(), 'tonval-test-'))
  t.teardown(() => rmSync(made, { recursive: true }))
  return made
}
