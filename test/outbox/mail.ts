/** An e-mail server on a real port, with everything that can go wrong on the way. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface MailDouble {
  readonly url: string
  /** Messages as they came, headers and all. */
  readonly messages: { readonly to: string; readonly text: string }[]
  /** What becomes of the next messages: `none`; `silent-done`: taken, never answered; a number: its answer to the recipient. */
  readonly faults: ('none' | 'silent-done' | number)[]
  close(): Promise<void>
}

export async function mailServer(): Promise<MailDouble> {
  const messages: MailDouble['messages'] = []
  const faults: MailDouble['faults'] = []
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], logger: false, disableReverseLookup: true, closeTimeout: 100,
    onAuth: ({ username, password }, _session, done) => (username === 'us' && password === 'pass word' ? done(null, { user: username }) : done(Object.assign(new Error('no'), { responseCode: 535 }))),
    onRcptTo(_address, _session, done) {
      const fault = faults[0]
      if (typeof fault !== 'number') return done()
      faults.shift()
      done(Object.assign(new Error('not here'), { responseCode: fault }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        messages.push({ to: session.envelope.rcptTo.map(one => one.address).join(), text: Buffer.concat(chunks).toString('utf8') })
        if (faults.shift() !== 'silent-done') done()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    url: `smtp://us:pass%20word@127.0.0.1:${(server.server.address() as AddressInfo).port}`, messages, faults,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
