/** The keys that the words of a prompt tell a caller to press: "press one", "tryck 1 eller 2", "paina kolme". */

/** What people are told to do, in the languages that we know. */
const VERBS = '(?:press|push|choose|select|hit|tryck|välj|slå|knappa in|trykk|tast|velg|tryk|vælg|paina|valitse|näppäile|drücken|wählen|tippen|drücke|wähle)'
const BETWEEN = '(?:\\s+(?:on|in|på|inn|ind|sie|bitte|auf))*(?:\\s+(?:the|die|der|den))?(?:\\s+(?:number|key|digit|button|siffran|knappen|nummer|tallet|tasten|numero|numeroa|näppäintä|taste|ziffer))?'

const ENGLISH = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ENGLISH,
  sv: ['noll|nollan', 'ett|ettan', 'två|tvåan', 'tre|trean', 'fyra|fyran', 'fem|femman', 'sex|sexan', 'sju|sjuan', 'åtta|åttan', 'nio|nian'],
  no: ['null', 'en|én|ett|ener', 'to', 'tre', 'fire', 'fem', 'seks', 'sju|syv', 'åtte', 'ni'],
  da: ['nul', 'en|et|ét', 'to', 'tre', 'fire', 'fem', 'seks', 'syv', 'otte', 'ni'],
  fi: ['nolla|nollaa', 'yksi|yhtä|ykköstä', 'kaksi|kahta|kakkosta', 'kolme|kolmea|kolmosta', 'neljä|neljää|nelosta', 'viisi|viittä|vitosta', 'kuusi|kuutta|kutosta', 'seitsemän|seitsemää|seiskaa', 'kahdeksan|kahdeksaa|kasia', 'yhdeksän|yhdeksää|ysiä'],
  de: ['null', 'eins', 'zwei|zwo', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
}
/** What others call Norwegian. */
const NORWEGIAN: Readonly<Record<string, string>> = { nb: 'no', nn: 'no' }
const SIGNS: readonly (readonly [string, string])[] = [['#', 'hash|pound|fyrkant|ruutu|risuaita|raute|firkant'], ['*', 'star|stjärna|stjerne|tähti|stern']]
const OR = '(?:\\s*,\\s*(?:or|eller|tai|oder)?\\s*|\\s+(?:or|and|eller|och|og|tai|ja|oder|und)\\s+)'

export interface Announced {
  /** A digit string, `*` or `#`. */
  readonly key: string
  /** Whether the sentence begins with it: the key is said before what it is for. */
  readonly first: boolean
}

const patterns = new Map<string, RegExp>()

/** The keys that a text tells to press, in its order. Words for digits are known in `language`, Swedish, Norwegian, Danish, Finnish, German and English. */
export function announcedKeys(text: string, language: string): Announced[] {
  const found: Announced[] = []
  const known = NORWEGIAN[language.slice(0, 2)] ?? language.slice(0, 2)
  const words = WORDS[known] ?? ENGLISH
  for (const match of text.matchAll(patternFor(known, words))) {
    const before = text.slice(0, match.index).trimEnd()
    const after = text.slice(match.index + match[0].length)
    // "press 1 once", "press any of the five keys", a number that is dialled
    if (/^\s*(?:gång|gång(?:er)|gang|times?|seconds?|sekunder|digits?|siffror|sifre|knapp(?:ar|er)?|keys)\b/iu.test(after)) continue
    const first = (before === '' || /[.!?:;]$/.test(before)) && /^\s+\p{L}/u.test(after)
    for (const part of (match[1] as string).split(new RegExp(OR, 'iu'))) {
      const key = keyOf(part.trim().toLowerCase(), words)
      if (key !== undefined) found.push({ key, first })
    }
  }
  return found
}

function patternFor(language: string, words: readonly string[]): RegExp {
  let pattern = patterns.get(language)
  if (pattern === undefined) {
    const key = `(?:\\d{1,4}|[*#]|${[...words, ...SIGNS.map(([, names]) => names)].join('|')})(?![\\p{L}\\d])`
    patterns.set(language, pattern = new RegExp(`(?<![\\p{L}])${VERBS}${BETWEEN}\\s+(${key}(?:${OR}${key})*)`, 'giu'))
  }
  return pattern
}

function keyOf(word: string, words: readonly string[]): string | undefined {
  if (/^(\d+|[*#])$/.test(word)) return word
  const digit = words.findIndex(names => names.split('|').includes(word))
  if (digit >= 0) return String(digit)
  return SIGNS.find(([, names]) => names.split('|').includes(word))?.[0]
}
