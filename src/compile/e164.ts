/** A telephone number with its plus sign and country: 7 to 15 digits (facts: numbers). */
export function isE164(text: string): boolean {
  return /^\+[1-9][0-9]{6,14}$/.test(text)
}
