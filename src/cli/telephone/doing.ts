/** What the caller is in the middle of. Times are milliseconds since 1970, lengths seconds. */
export type Doing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'hearing'; readonly name: string; readonly seconds: number; readonly since: number; readonly ivr: boolean }
  | { readonly kind: 'asked'; readonly digits: number; readonly timeout: number; readonly since: number; readonly keys: string }
  | { readonly kind: 'ringing'; readonly number: string; readonly timeout: number; readonly since: number }
  | { readonly kind: 'talking'; readonly since: number }
  | { readonly kind: 'recorded'; readonly timelimit: number; readonly since: number; readonly speaking: boolean }
  | { readonly kind: 'over' }
