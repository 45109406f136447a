/** The library that knows telephone numbers, loaded when a number is first read: it costs a cold `tonval lint` a fifth of its time. */
import { createRequire } from 'node:module'
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/min'

type Library = typeof import('libphonenumber-js/min')

const require = createRequire(import.meta.url)
let library: Library | undefined

/** Loads the library now. A server does so at start, so that no caller waits for it. */
export function loadPhoneNumbers(): Library {
  library ??= require('libphonenumber-js/min') as Library
  return library
}

/** The number that a text stands for, in its country where it has no plus sign; undefined for none that could exist. */
export function phoneNumber(text: string, country: string): PhoneNumber | undefined {
  const number = loadPhoneNumbers().parsePhoneNumberFromString(text, country === '' ? undefined : (country as CountryCode))
  return number?.isPossible() === true ? number : undefined
}
