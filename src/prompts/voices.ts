/** The languages of the built-in engine. */

/** Names of its voices by the language that flows write, in small letters; others are looked for by their first part. */
const VOICES: Readonly<Record<string, string>> = {
  sv: 'sv', en: 'en', 'en-gb': 'en', 'en-us': 'en-us', nb: 'nb', no: 'nb', nn: 'nb', da: 'da', fi: 'fi', de: 'de',
  fr: 'fr-fr', es: 'es', it: 'it', nl: 'nl', pl: 'pl', pt: 'pt', et: 'et', lv: 'lv', lt: 'lt', is: 'is', cs: 'cs', sk: 'sk', hu: 'hu', ro: 'ro',
  bg: 'bg', hr: 'hr', sr: 'sr', sl: 'sl', bs: 'bs', el: 'el', tr: 'tr', uk: 'uk', ru: 'ru', ar: 'ar', fa: 'fa', ku: 'ku', ca: 'ca', ga: 'ga', cy: 'cy', sq: 'sq', mk: 'mk',
}

/** What the built-in engine speaks, as flows write it. */
export const BUILT_IN_LANGUAGES: readonly string[] = Object.keys(VOICES)

/** The built-in engine's voice for a language; undefined where it has none. */
export function builtInVoice(language: string): string | undefined {
  const small = language.toLowerCase()
  return VOICES[small] ?? VOICES[small.split(/[-_]/)[0] as string]
}
