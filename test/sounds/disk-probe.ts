/**
 * Loaded into a process before all else. It counts what the process does to files below DISK: opens one to write, renames,
 * removes. After step KILL it is killed; from step FULL on there is no room for a byte more.
 */
import fs from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'

const [disk = '', kill, full] = [process.env['DISK'], process.env['KILL'], process.env['FULL']]
let steps = 0

if (isMainThread && disk !== '') {
  const isThere = (path: unknown): boolean => String(path).startsWith(disk)
  const done = (): void => { if (++steps === Number(kill)) process.kill(process.pid, 'SIGKILL') }
  const { open, rm } = fs.promises
  const { renameSync } = fs
  fs.promises.open = async (...args) => {
    const file: FileHandle = await open(...args)
    if (!isThere(args[0]) || args[1] !== 'wx') return file
    const isFull = full !== undefined && steps + 1 >= Number(full)
    file.writeFile = async data => {
      // half of it fits
      await file.write((data as Buffer).subarray(0, (data as Buffer).length / 2))
      done()
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      await file.write((data as Buffer).subarray((data as Buffer).length / 2))
    }
    return file
  }
  fs.renameSync = (from, to) => {
    renameSync(from, to)
    if (isThere(to)) done()
  }
  fs.promises.rm = async (path, options) => {
    await rm(path, options)
    if (isThere(path)) done()
  }
  syncBuiltinESMExports()
}
