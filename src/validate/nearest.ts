/** The word somebody probably meant: by the letters that differ, then by meaning. */

/** What authors coming from other systems write, and what it is called here. */
const SYNONYMS: Readonly<Record<string, string | readonly string[]>> = {
  dial: 'connect', call: 'connect', transfer: 'connect', forward: 'connect', bridge: 'connect', ring: 'connect', number: 'connect',
  menu: 'ivr', gather: 'ivr', input: 'ivr', ask: 'ivr', prompt: 'ivr', collect: 'ivr', getdigits: 'ivr', choice: 'ivr',
  say: 'play', speak: 'play', playback: 'play', announce: 'play', message: ['play', 'text'], audio: 'play', sound: 'play', wait: 'play', pause: 'play', tts: 'play',
  voicemail: 'record', recording: 'record',
  goto: 'next', redirect: ['next', 'goto'], then: ['next', 'goto'], continue: 'next', target: ['next', 'goto'], to: ['goto', 'next'], next: 'goto',
  end: 'hangup', reject: 'hangup', disconnect: 'hangup', stop: 'hangup', exit: 'hangup',
  gosub: 'flow', subflow: 'flow', run: 'flow', include: 'flow', return: 'exit', leave: 'exit',
  body: 'text', content: 'text', recipient: 'to', recipients: 'to', sender: 'from', webhook: 'post', mail: 'email',
  branch: 'route', switch: 'route', if: ['route', 'when'], case: ['route', 'when'], condition: ['route', 'when'], test: 'when', split: 'route',
  assign: 'set', variable: 'set', let: 'set',
  variables: 'vars', nodes: 'states', steps: 'states', lines: 'numbers', phones: 'numbers', outputs: 'exits', returns: 'exits', parameters: 'inputs', params: 'inputs', arguments: 'with', args: 'with', given: 'with', initial: 'start', begin: 'start', entry: 'start', name: 'title',
  options: 'on', choices: 'on', transitions: 'on', events: 'on', edges: 'on', cases: 'on',
  timelimits: 'timelimit', maxlength: 'timelimit', length: 'timelimit', retries: 'attempts', tries: 'attempts', loop: 'repeat',
  numdigits: 'digits', maxdigits: 'digits', mindigits: 'min', invalid: 'nomatch', nomatched: 'nomatch', default: 'any', other: 'any', else: 'any',
  silence: 'noinput', timeout: 'noinput', nothing: 'noinput', noanswer: 'failed', 'no-answer': 'failed', no_answer: 'failed', unanswered: 'failed', error: 'failed', fail: 'failed', failure: 'failed',
  answered: 'success', ok: 'success', done: 'success', completed: 'success', engaged: 'busy',
  regex: 'valid', pattern: 'valid', validate: 'valid', store: 'save', variablename: 'save', caller_id: 'callerid', 'caller-id': 'callerid', from: 'callerid', yes: 'true', no: 'false',
  sequential: 'in-turn', serial: 'in-turn', order: 'in-turn', parallel: 'together', all: 'together', simultaneous: 'together',
}

/** The allowed word nearest to what was written, or undefined where none is near. */
export function nearest(written: string, allowed: readonly string[]): string | undefined {
  const word = written.toLowerCase()
  const exact = allowed.find(one => one.toLowerCase() === word)
  if (exact !== undefined) return exact
  const synonym = [Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : []].flat().find(one => one !== undefined && allowed.includes(one))
  // a word that others say is no misspelling: `then` is not `when`
  if (synonym !== undefined) return synonym
  let best: { word: string; distance: number } | undefined
  for (const one of allowed) {
    const limit = limitOf(Math.max(one.length, word.length))
    if (Math.abs(one.length - word.length) > limit) continue
    const distance = editDistance(word, one.toLowerCase())
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { word: one, distance }
  }
  return best?.word
}

/** How many letters of a word may be wrong: of four letters with two wrong ones nobody knows which word they were. */
function limitOf(length: number): number {
  return length <= 4 ? 1 : length <= 6 ? 2 : Math.min(4, Math.floor(length / 3))
}

/** Letters added, lost, changed or swapped with their neighbour (Damerau-Levenshtein, optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] as number) + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return last[b.length] as number
}
