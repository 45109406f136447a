/** What the server tells of a test call, as far as the page reads it. */

export interface Place {
  readonly flow: string
  readonly state: string
}

type Happening =
  | { readonly kind: 'request'; readonly number: number; readonly purpose: string; readonly address: string; readonly form: Readonly<Record<string, string>> }
  | { readonly kind: 'answer'; readonly number: number; readonly status?: number; readonly body?: string; readonly trouble?: string; readonly milliseconds: number }
  | { readonly kind: 'moves'; readonly flow: string; readonly version: string; readonly moves: readonly { readonly from: string; readonly event: string; readonly to: string }[]; readonly broke?: string }
  | { readonly kind: 'state'; readonly outside: readonly Place[] } & Place
  | { readonly kind: 'heard'; readonly name: string; readonly text?: string; readonly seconds: number; readonly round: number; readonly sound?: string; readonly trouble?: string }
  | { readonly kind: 'sound-end'; readonly heard: number }
  | { readonly kind: 'awaits'; readonly what: 'keys'; readonly digits: number; readonly timeout: number; readonly repeat: number; readonly keys: readonly string[] }
  | { readonly kind: 'awaits'; readonly what: 'line'; readonly numbers: readonly string[]; readonly callerid: string; readonly timeout: number; readonly isKnown: boolean }
  | { readonly kind: 'awaits'; readonly what: 'speech'; readonly timelimit: number; readonly silencedetection: boolean }
  | { readonly kind: 'listening'; readonly digits: number; readonly timeout: number }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'keys-lost'; readonly keys: string }
  | { readonly kind: 'speech' | 'recorded'; readonly seconds: number }
  | { readonly kind: 'line'; readonly result: string; readonly number?: string }
  | { readonly kind: 'talk-end'; readonly seconds: number; readonly by: string }
  | { readonly kind: 'result'; readonly action: string; readonly result: string; readonly why?: string }
  | { readonly kind: 'caller-hangs-up' }
  | { readonly kind: 'asked'; readonly state: string; readonly method: string; readonly host: string; readonly status?: number; readonly failed?: string }
  | { readonly kind: 'sends'; readonly item: string; readonly state: string; readonly to: string; readonly words: string }
  | { readonly kind: 'handover'; readonly address: string }
  | { readonly kind: 'warning' | 'error'; readonly code: string; readonly message: string; readonly says: string }
  | { readonly kind: 'end'; readonly ended: string; readonly state: string }
  | { readonly kind: 'over'; readonly ok: boolean; readonly seconds: number; readonly states: readonly string[]; readonly requests: number; readonly warnings: number; readonly trouble?: string }

/** `n` counts from 1; `at` is in seconds since the call began. */
export type PhoneEvent = Happening & { readonly n: number; readonly at: number }
