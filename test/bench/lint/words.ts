/** The words of the language that stand at a place, as design and README have them: what a typo may not become by chance. */

export const TOP = [
  'title', 'start', 'numbers', 'language', 'languages', 'timezone', 'country', 'defaults', 'keys', 'vars', 'prompts', 'schedules', 'lists', 'tables',
  'switches', 'messages', 'longest', 'recordcall', 'on_error', 'on_hangup', 'inputs', 'exits', 'must', 'states', 'note',
]
export const VERBS = ['ivr', 'play', 'connect', 'record', 'hangup', 'route', 'set', 'lookup', 'fetch', 'send', 'flow', 'exit']

export const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  ivr: ['digits', 'timeout', 'repeat', 'attempts', 'sorry', 'silent', 'again', 'min', 'valid', 'equals', 'save', 'sensitive', 'on', 'next', 'note'],
  play: ['skippable', 'on', 'next', 'note'],
  connect: ['order', 'between', 'timeout', 'callerid', 'timelimit', 'recordcall', 'deliver', 'on', 'next', 'note'],
  record: ['timelimit', 'silence', 'beep', 'deliver', 'on', 'next', 'note'],
  fetch: ['method', 'headers', 'query', 'json', 'form', 'timeout', 'save', 'answer', 'on', 'next', 'note'],
  hangup: ['note'], route: ['note'], set: ['next', 'note'], lookup: ['key', 'on', 'next', 'note'], flow: ['with', 'save', 'on', 'next', 'note'], exit: ['note'],
}
export const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  ivr: ['any', 'noinput', 'nomatch', 'failed', 'note'], play: ['success', 'failed', 'note'],
  connect: ['success', 'busy', 'failed', 'note'], record: ['success', 'failed', 'note'], fetch: ['success', 'failed', 'note'], lookup: ['success', 'missing', 'note'],
}
export const TESTS = ['schedule', 'caller', 'called', 'direction', 'value', 'switch', 'visited', 'answered', 'recorded', 'chance', 'any', 'all', 'not']
/** What may stand beside the key of a test. */
export const BESIDE: Readonly<Record<string, readonly string[]>> = {
  value: ['is', 'in', 'matches', 'empty', 'above', 'below', 'note'], visited: ['times', 'note'],
}
/** Closed lists of values, by option. */
export const VALUES: Readonly<Record<string, readonly string[]>> = {
  order: ['together', 'in-turn', 'random'], skippable: ['true', 'false'], silence: ['true', 'false'], beep: ['true', 'false'],
  sensitive: ['true', 'false'], direction: ['incoming', 'outgoing'], empty: ['true', 'false'],
}
export const INTEGERS: Readonly<Record<string, number>> = { digits: 20, timeout: 30, repeat: 10, attempts: 10, min: 20, timelimit: 86400, times: 100 }
export const BUILT_IN = ['caller', 'called', 'direction', 'digits', 'flow', 'state', 'language', 'today', 'time']

/** What people write who come from other systems, by the word of this language. */
export const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  connect: ['dial', 'transfer', 'call', 'forward', 'bridge', 'ring'],
  ivr: ['menu', 'gather', 'input', 'ask', 'prompt', 'collect'],
  play: ['say', 'speak', 'playback', 'announce', 'message', 'wait', 'pause'],
  record: ['voicemail', 'recording'],
  hangup: ['reject', 'disconnect', 'stop', 'end'],
  route: ['branch', 'switch', 'if', 'condition'],
  set: ['assign', 'let'],
  next: ['goto', 'then', 'redirect', 'continue'],
  goto: ['next', 'then', 'target', 'to'],
  when: ['if', 'condition'],
  on: ['options', 'choices', 'transitions', 'events'],
  noinput: ['silence', 'timeout', 'no-input'], nomatch: ['invalid', 'no-match'], failed: ['error', 'failure', 'no-answer', 'noanswer'], success: ['answered', 'ok', 'completed'], busy: ['engaged'],
  digits: ['numdigits', 'maxdigits'], attempts: ['retries', 'tries'], timelimit: ['maxlength'], save: ['store'], valid: ['regex', 'pattern'], callerid: ['caller-id', 'from'],
  states: ['nodes', 'steps'], numbers: ['phones', 'lines'], start: ['initial', 'begin', 'entry'], title: ['name'], vars: ['variables'],
  'in-turn': ['sequential', 'serial'], together: ['parallel', 'simultaneous'],
}
