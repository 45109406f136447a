/**
 * The carrier's open questions: what its documentation leaves out, read in one of two ways. `cautious` is how the
 * emulator behaves unless told otherwise; an application should survive the other value as well.
 */

interface Reading {
  /** Number of the question among the open questions about the carrier. */
  readonly question: number
  readonly asks: string
  readonly cautious: string
  readonly other: string
}

const reading = <A extends string, B extends string>(question: number, asks: string, cautious: A, other: B) =>
  ({ question, asks, cautious, other }) as const

/** Every switch, in the order of the questions. */
export const READINGS = {
  repeat: reading(1, 'Is `repeat` the number of times the prompt is played, or of times after the first?', 'total', 'after-first'),
  timeoutFrom: reading(2, 'Does the timeout of ivr start when the prompt ends or when it starts?', 'prompt-end', 'prompt-start'),
  timeoutPer: reading(3, 'Does the timeout of ivr start anew at each digit, or hold for the whole input?', 'digit', 'input'),
  partialInput: reading(4, 'Too few digits when the time is over: lost, or returned as they are?', 'lost', 'returned'),
  hash: reading(5, 'Does # count as a digit and stand in the result?', 'dropped', 'included'),
  loneHash: reading(6, '# with no digits: an empty result, or no input?', 'empty', 'noinput'),
  star: reading(7, 'Is * a digit like others?', 'digit', 'ignored'),
  bargeIn: reading(8, 'Does a key stop the prompt of an ivr? If not, it plays to its end and the keys count then.', 'stops', 'plays-on'),
  typeAhead: reading(9, 'Keys pressed before an ivr starts: dropped, or kept for it?', 'dropped', 'buffered'),
  skipKey: reading(10, 'The key that skips a play: swallowed, or reported as its result?', 'consumed', 'as-result'),
  playedWord: reading(11, 'The result of a play that went well', 'ok', 'success'),
  longKeys: reading(14, 'Keys of several digits, keys # and *, and keys of an ivr of several digits', 'ignored', 'matched'),
  unplayableWhy: reading(15, 'The `why` of an ivr whose prompt could not be played', 'noinput', 'error'),
  unplayablePrompt: reading(16, 'An ivr whose prompt cannot be played: heard as silence, or failed at once?', 'silence', 'failed'),
  outOfRange: reading(17, 'A digits, repeat, timelimit or timeout of connect out of range: the default, or as written?', 'default', 'as-given'),
  timeoutText: reading(18, 'A timeout of ivr given as text: read as a number, or 10?', 'read', 'ten'),
  badStatusRetries: reading(21, 'Is a request that got a bad status repeated after the call?', 'none', 'five-late'),
  nextAfterHangup: reading(23, 'Is next asked after the caller has hung up?', 'not-posted', 'posted'),
  hangupInRecord: reading(24, 'The caller hangs up while being recorded: is there a notice?', 'posted', 'lost'),
  noticeOrder: reading(25, 'Recording notice, next, whenhangup: in this order, or the notice after the others?', 'notice-first', 'notice-last'),
  whenhangupAfterHangup: reading(26, 'whenhangup after a hangup as first action', 'posted', 'not-posted'),
  whenhangupAfterBadReply: reading(26, 'whenhangup after a reply that ended the call', 'not-posted', 'posted'),
  withheld: reading(27, 'What `from` holds when the caller hides the number', 'anonymous', 'empty'),
  connectTimeout: reading(28, 'Seconds a connect rings without a timeout of its own', '60', '30'),
  noAnswerWord: reading(28, 'The result of a connect that nobody answers', 'failed', 'no-answer'),
  actionEntries: reading(30, 'Entries of `actions` in whenhangup: objects, or the plain names of the actions?', 'objects', 'strings'),
  created: reading(31, 'Is `created` sent with the first request?', 'sent', 'omitted'),
  contentType: reading(32, 'Does the content type of a request name a charset?', 'plain', 'charset'),
  nesting: reading(33, 'Actions nested deeper than 32, or a reply over 64 KiB: a warning, or the end of the call?', 'warned', 'refused'),
  ivrBuiltIn: reading(36, 'Does ivr take sound/..., local/... and spoken text?', 'accepted', 'unplayable'),
  recordcallAgain: reading(37, 'recordcall in a later action: a recording of its own from there on, or one for the whole call?', 'own', 'one-whole'),
  addressLength: reading(38, 'The longest address that the carrier takes, in characters', '4096', '2000'),
} as const satisfies Record<string, Reading>

export type ReadingName = keyof typeof READINGS

export type Readings = { readonly [N in ReadingName]: (typeof READINGS)[N]['cautious' | 'other'] }

export const READING_NAMES = Object.keys(READINGS) as ReadingName[]

/** Open questions that are no switch, and how the emulator behaves there. */
export const SETTLED: readonly { readonly question: number; readonly says: string }[] = [
  { question: 12, says: 'A digit key that matches wins, else next is asked, else the call ends: seen in use.' },
  { question: 13, says: 'No input in an ivr with digit keys reaches next, else the call ends: seen in use.' },
  { question: 19, says: 'Digit keys and busy/failed addresses get the fields of next; result is the digit, busy or failed.' },
  { question: 20, says: 'The longest wait for a reply is a limit of the call (answerMs), 10 seconds by default.' },
  { question: 22, says: '{} and empty replies end the call.' },
  { question: 29, says: 'After connect, next is asked if the callee hung up; if the caller did, nextAfterHangup decides.' },
  { question: 34, says: 'The REST API is not played.' },
  { question: 35, says: 'A hangup with another value ends the call, with a warning.' },
]

/** All switches as the emulator has them by default. */
export const cautious: Readings = choose(() => 'cautious')

/** All switches at their other value. */
export const turned: Readings = choose(() => 'other')

/** The cautious readings with one switch turned. */
export function turn(name: ReadingName): Readings {
  return choose((other) => (other === name ? 'other' : 'cautious'))
}

function choose(side: (name: ReadingName) => 'cautious' | 'other'): Readings {
  return Object.freeze(Object.fromEntries(READING_NAMES.map((name) => [name, READINGS[name][side(name)]]))) as unknown as Readings
}
