/** An address with the values of a call in it: values further on cannot change whom it leads to. */
import { addressProblem } from '../compile/address.ts'
import { allowedAs } from '../compile/allowed-hosts.ts'
import type { Template } from '../compile/sound.ts'
import { fillRef } from './fill.ts'
import type { Readable } from './fill.ts'

/** The address; undefined where the values make none that may be used. */
export function fillAddress(call: Readable, template: Template): string | undefined {
  let text = ''
  let begins = true
  let fromValue = false
  for (const part of template) {
    if (typeof part === 'string') text += part
    else {
      // a value inside the host chooses the host just as one that begins the address does
      fromValue ||= begins || !/^https?:\/\/[^/?#]+[/?#]/i.test(text)
      const value = fillRef(call, part)
      text += begins ? value : encodeURIComponent(value.toWellFormed())
    }
    begins = begins && text === ''
  }
  if (isCarrierSound(text)) return text
  if (addressProblem(text) !== undefined) return undefined
  if (fromValue && allowedAs(call.flow.hosts, new URL(text)) === undefined) return undefined
  return text
}

/** A sound that the carrier has by itself. */
export function isCarrierSound(text: string): boolean {
  return /^sound\/(beep|dtmf\/[0-9*#pPA-D]+)$/.test(text)
}
