/** Signs that somebody is in the middle of writing: a lock, an editor's file beside the one that it saves. */
import { lstat, readdir, readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'

/** Names that editors and tools give to a file while they save another. */
const SIGNS: readonly RegExp[] = [
  // vim: the swap file, the backup, the file that tries whether one may be made
  /^\..+\.sw[a-px]$/, /~$/, /^4913$/,
  // emacs: the lock of a changed buffer, the file saved on the way
  /^\.#/, /^#.*#$/,
  // JetBrains, GNOME, sed -i, rsync, and who writes to a temporary file first
  /___jb_(?:tmp|old)___$/, /^\.goutputstream-/, /^sed[A-Za-z0-9]{6}$/, /^\..+\.[A-Za-z0-9]{6}$/, /\.tmp$/,
  // Kubernetes, between two sets of a mounted volume
  /^\.\.data_tmp$/,
]

/** What stands in a folder and the repositories that it is part of, each with its inode: a sign that stays is none. */
export async function writers(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch(() => [])
  const paths = names.filter(name => SIGNS.some(sign => sign.test(name))).map(name => join(folder, name))
  for (let at = folder; ; at = dirname(at)) {
    const repository = await gitFolder(at)
    if (repository !== undefined) paths.push(join(repository, 'index.lock'))
    if (at === dirname(at)) break
  }
  const found = new Set<string>()
  for (const path of paths) {
    const file = await lstat(path, { bigint: true }).catch(() => undefined)
    if (file !== undefined) found.add(`${path} ${file.ino}:${file.birthtimeNs}`)
  }
  return found
}

/** Where git keeps what it knows of a working tree: `.git`, or where a file of that name leads, as in a worktree. */
async function gitFolder(folder: string): Promise<string | undefined> {
  const path = join(folder, '.git')
  const at = await lstat(path).catch(() => undefined)
  if (at?.isFile() !== true) return at === undefined ? undefined : path
  const leads = /^gitdir: (.+)$/m.exec(await readFile(path, 'utf8').catch(() => ''))?.[1]
  return leads === undefined ? undefined : isAbsolute(leads) ? leads : join(folder, leads)
}
