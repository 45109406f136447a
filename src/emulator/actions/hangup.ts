import type { Perform } from '../stage.ts'
import { show } from '../validate-action.ts'

/** Ends the call; `busy` and `404` only before it was answered, any other word with a warning (facts: hangup). */
export const hangup: Perform = async (action, stage) => {
  const value = action['hangup']
  const reason = typeof value === 'string' ? value : String(show(value))
  if (!['busy', 'reject', '404'].includes(reason)) {
    stage.complain('hangup-value', `hangup: ${show(value)} is not "busy", "reject" or "404"`)
  } else if (reason !== 'reject' && stage.isAnswered()) {
    stage.complain('hangup-late', `hangup: "${reason}" after the call was answered`)
  }
  stage.audience.meet({ kind: 'hangup', reason })
  return { result: reason, purpose: 'next', go: undefined }
}
