/** Which process sends: so that what a dead one left behind is taken up at once by the next. */
import { hostname } from 'node:os'

/** This process, among all that use a store. `boot`: tells it from others that had its id before. */
export function thisOwner(boot: string): string {
  return `${hostname()}/${process.pid}/${boot}`
}

/** Whether the process of an owner is certainly no longer there: of those on other machines nobody here can tell. */
export function isGone(owner: string, me: string): boolean {
  const [host, pid] = owner.split('/')
  if (owner === me || host !== hostname()) return false
  if (pid === String(process.pid)) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
