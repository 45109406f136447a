/** Whether an http address can be given to the carrier as it stands. */

/** What is wrong with an address, in words; undefined where nothing is. */
export function addressProblem(address: string): string | undefined {
  if (address.length > 2000) return 'it is longer than 2,000 characters'
  if (/[\s"<>\\^`{|}]/.test(address)) return 'it holds a space, a quote or a bracket; write such characters as %20 and the like'
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return 'it is no complete address such as https://example.com/path'
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'it must begin with https://'
  return undefined
}
