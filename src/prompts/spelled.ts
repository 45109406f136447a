/** Digits and letters one by one, as an engine reads them: a long number would be read as one. */

/** The text to be spoken; empty where there is no digit and no letter. */
export function spelled(text: string): string {
  return [...text.normalize('NFC')].filter(sign => /[\p{L}\p{N}]/u.test(sign)).map(sign => sign.toUpperCase()).join(', ')
}
