/** E-mail, through one SMTP server. The Message-ID is the item's own: whoever gets one twice can tell. */
import { createReadStream } from 'node:fs'
import { createTransport } from 'nodemailer'
import type SMTPPool from 'nodemailer/lib/smtp-pool'
import type { Recordings } from './recordings.ts'
import { NO_MAIL, UNSET } from './sender.ts'
import type { Outcome, Sender } from './sender.ts'

export interface MailSettings {
  /** `smtp://user:password@host:587`, `smtps://…`. */
  readonly url: string
  /** Whom messages come from. */
  readonly from: string
}

/** Milliseconds for a connection, a greeting, and between two signs of life. */
const CONNECT = 10_000
const SILENT = 30_000

export interface MailSender extends Sender {
  close(): void
}

/** Sends by the server of the settings; without one, items wait. */
export function mailSender(settings: MailSettings | undefined, recordings: Pick<Recordings, 'file'>): MailSender {
  const transport = settings === undefined ? undefined : createTransport({
    url: settings.url, pool: true, maxConnections: 2, connectionTimeout: CONNECT, greetingTimeout: CONNECT, socketTimeout: SILENT, disableUrlAccess: true, disableFileAccess: true,
  } satisfies SMTPPool.Options)
  const host = settings?.from.split('@').at(-1)?.replace(/[^A-Za-z0-9.-]/g, '') ?? ''
  return {
    lacks: () => (transport === undefined ? NO_MAIL : undefined),
    async send({ id, item, recording }, signal) {
      if (item?.kind !== 'email') return { is: 'failed', why: 'this is no e-mail' }
      if (transport === undefined || settings === undefined) return { is: 'again', why: NO_MAIL, after: UNSET }
      const file = item.attach === undefined ? undefined : await recordings.file(recording ?? '')
      if (file !== undefined && 'why' in file) return { is: file.forGood ? 'failed' : 'again', why: file.why }
      try {
        const sent = transport.sendMail({
          // an object and no list: a comma in an address must not make two of it
          from: settings.from, to: { name: '', address: item.to }, subject: item.subject, text: item.text, messageId: `<${id}@${host === '' ? 'tonval' : host}>`,
          headers: { 'auto-submitted': 'auto-generated' },
          ...(file === undefined ? {} : { attachments: [{ filename: file.name, content: createReadStream(file.path), contentType: file.type }] }),
        })
        const info = await Promise.race([sent, brokenOff(signal)])
        return { is: 'sent', ref: info.messageId }
      } catch (error) {
        return afterError(error)
      }
    },
    close: () => transport?.close(),
  }
}

function brokenOff(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const now = (): void => reject(Object.assign(new Error('the server stops'), { command: 'DATA' }))
    if (signal.aborted) now()
    else signal.addEventListener('abort', now, { once: true })
  })
}

/** What a server says no to for good is given up; where it was silent after the text was sent, it may have taken it. */
function afterError(error: unknown): Outcome {
  const { code = '', command = '', responseCode = 0, message } = error as { code?: string; command?: string; responseCode?: number; message: string }
  const why = `the e-mail server ${responseCode > 0 ? `answered ${responseCode}` : `cannot be used: ${code || message}`}`.slice(0, 200)
  if (code === 'EAUTH') return { is: 'again', why: 'the e-mail server does not accept the name and password of TONVAL_SMTP_URL' }
  if (responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')) return { is: 'failed', why: `${why}: ${message.replace(/\s+/g, ' ').slice(0, 150)}` }
  if (responseCode === 0 && command === 'DATA') return { is: 'unsure', why: `${why}, after the message was sent` }
  return { is: 'again', why }
}
