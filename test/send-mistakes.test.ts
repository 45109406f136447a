/** Items that are misshapen: each mistake is told once, where it stands, in words that say what to do. */
import t from 'tap'
import { checkText } from './flow-in-text.ts'

const flow = (item: string): string => `start: tell\nnumbers: ["+46846500400"]\nstates:\n  tell: { send: ${item}, next: bye }\n  bye: { play: bye.mp3, next: end }\n`
const SMS = 'sms: { to: "{{caller}}", from: Example, text: x }'

/** What is written, the text that the problem points at, its code, and words of it. */
const ROWS: readonly (readonly [item: string, at: string, code: string, says: RegExp])[] = [
  // keys that are missing, and values that are none
  ['{ sms: { from: Example, text: x } }', 'sms', 'missing-field', /`sms` has no `to:`/],
  ['{ sms: { to: "{{caller}}", text: x } }', 'sms', 'missing-field', /`sms` has no `from:`/],
  ['{ sms: { to: "{{caller}}", from: Example } }', 'sms', 'missing-field', /`sms` has no `text:`/],
  ['{ email: { subject: x } }', 'email', 'missing-field', /`email` has no `to:`/],
  ['{ email: { to: a@example.com } }', 'email', 'missing-field', /`email` has no `subject:`/],
  ['{ post: { json: {} } }', 'post', 'missing-field', /`post` has no `url:`/],
  ['{ post: { url: "https://x.example/" } }', 'post', 'missing-field', /neither `json` nor `form`.*as in `json: \{ phone/s],
  ['{ call: { flow: test } }', 'call', 'missing-field', /`call` has no `to:`/],
  ['{ call: { to: "{{caller}}" } }', 'call', 'missing-field', /`call` has no `flow:`/],
  ['{ call: { to: "{{caller}}", flow: test, unanswered: {} } }', 'unanswered', 'missing-field', /has no `flow:`/],
  [`{ ${SMS}, once_per: {} }`, 'once_per', 'missing-field', /has no `hours:`/],
  ['{ sms: }', 'sms', 'missing-field', /has no value.*below, indented/s],
  ['{ sms: { to: [], from: Example, text: x } }', 'to', 'missing-field', /without anything in it.*at least one/s],
  ['[]', 'send', 'missing-field', /without anything in it/],
  ['{ sms: { to: "{{caller}}", from: Example, text: "" } }', '""', 'bad-value', /no words/],
  // another type
  ['{ sms: x }', 'x', 'wrong-type', /`sms` is the text `x`, and here belongs a map of keys/],
  ['{ sms: [x] }', 'sms', 'wrong-type', /is a list/],
  ['{ sms: { to: { a: b }, from: Example, text: x } }', 'to', 'wrong-type', /a text or a list/],
  ['{ sms: { to: "{{caller}}", from: Example, text: [x] } }', 'text', 'wrong-type', /a list, and here belongs a text.*write `x`/s],
  ['{ email: { to: a@example.com, subject: { a: b } } }', 'subject', 'wrong-type', /belongs a text/],
  ['{ post: "https://x.example/" }', '"https://x.example/"', 'wrong-type', /belongs a map of keys/],
  ['{ post: { url: "https://x.example/", form: x } }', 'x', 'wrong-type', /`form` is the text `x`/],
  ['{ post: { url: "https://x.example/", form: { a: [1] } } }', 'a', 'wrong-type', /`a` is a list/],
  ['{ post: { url: "https://x.example/", json: {}, headers: [x] } }', 'headers', 'wrong-type', /`headers` is a list/],
  ['{ call: { to: "{{caller}}", flow: test, after: soon } }', 'soon', 'wrong-type', /belongs a whole number/],
  ['{ call: { to: "{{caller}}", flow: test, with: x } }', 'x', 'wrong-type', /`with` is the text `x`/],
  ['{ call: { to: "{{caller}}", flow: test, unanswered: test } }', 'test', 'wrong-type', /`unanswered` is the text `test`/],
  [`{ ${SMS}, once_per: 24 }`, '24', 'wrong-type', /`once_per` is the text `24`/],
  [`{ ${SMS}, when: yes }`, 'yes', 'wrong-type', /`when` is the text `yes`/],
  [`[{ ${SMS} }, x]`, 'x', 'wrong-type', /number 2 under `send` is the text `x`/],
  // values that cannot be
  ['{ sms: { to: "070-123 45 67", from: Example, text: x } }', '"070-123 45 67"', 'bad-number', /nothing would be sent.*\+46701234567/s],
  ['{ sms: { to: "112", from: Example, text: x } }', '"112"', 'emergency-number', /emergency number/],
  ['{ sms: { to: "sip:x@y.example", from: Example, text: x } }', '"sip:x@y.example"', 'bad-number', /SIP address: only telephone numbers/],
  ['{ sms: { to: "{{caler}}", from: Example, text: x } }', '{{caler}}', 'undefined-value', /did you mean `\{\{caller\}\}`/],
  ['{ sms: { to: "{{caller}}", from: "Example Company AB", text: x } }', '"Example Company AB"', 'bad-value', /at most eleven letters/],
  ['{ email: { to: "not an address", subject: x } }', '"not an address"', 'bad-value', /no e-mail address/],
  ['{ email: { to: "a@example.com, b@example.com", subject: x } }', '"a@example.com, b@example.com"', 'bad-value', /no e-mail address/],
  ['{ email: { to: a@example.com, subject: x, attach: file } }', 'file', 'bad-value', /it may be `recording`/],
  ['{ post: { url: "ftp://x.example/", json: {} } }', '"ftp://x.example/"', 'bad-value', /must begin with https/],
  ['{ post: { url: "x.example", json: {} } }', '"x.example"', 'bad-value', /must begin with https/],
  ['{ post: { url: "https://x.example/", json: {}, headers: { "a b": x } } }', '"a b"', 'bad-value', /no name of a header/],
  ['{ call: { to: "{{caller}}", flow: tset } }', 'tset', 'unknown-flow', /no flow `tset`/],
  ['{ call: { to: "{{caller}}", flow: test, from: Example } }', 'Example', 'bad-number', /plus sign/],
  ['{ call: { to: "{{caller}}", flow: test, after: -1 } }', '-1', 'out-of-range', /at least 0/],
  ['{ call: { to: "{{caller}}", flow: test, timeout: 5 } }', '5', 'out-of-range', /from 10 to 60/],
  ['{ call: { to: "{{caller}}", flow: test, timeout: 90 } }', '90', 'out-of-range', /from 10 to 60/],
  ['{ call: { to: "{{caller}}", flow: test, with: { x: y } } }', 'x', 'unknown-field', /no input `x`/],
  ['{ call: { to: "{{caller}}", flow: test, unanswered: { flow: test } } }', 'test', 'field-not-here', /`bye` needs somebody on the line/],
  [`{ ${SMS}, once_per: { hours: 0 } }`, '0', 'out-of-range', /at least 1/],
  ['nothing', 'nothing', 'unknown-message', /under `messages:`/],
  ['7', '7', 'bad-name', /cannot be a name/],
  // keys that are not there
  ['{ sms: { to: "{{caller}}", form: Example, text: x } }', 'form', 'unknown-field', /did you mean `from`/],
  ['{ sms: { to: "{{caller}}", from: Example, message: x } }', 'message', 'unknown-field', /did you mean `text`/],
  ['{ sms: { recipient: "{{caller}}", from: Example, text: x } }', 'recipient', 'unknown-field', /did you mean `to`/],
  ['{ sms: { to: "{{caller}}", from: Example, text: x, attach: recording } }', 'attach', 'unknown-field', /delete it/],
  ['{ email: { to: a@example.com, subject: x, body: y } }', 'body', 'unknown-field', /did you mean `text`/],
  ['{ email: { to: a@example.com, subject: x, from: b@example.com } }', 'from', 'unknown-field', /possible here: `text` and `attach`/],
  ['{ post: { url: "https://x.example/", json: {}, method: PUT } }', 'method', 'unknown-field', /possible here/],
  [`{ ${SMS}, if: { caller: hidden } }`, 'if', 'unknown-field', /did you mean `when`/],
  [`{ ${SMS}, when: { caler: hidden } }`, 'caler', 'no-verb', /did you mean `caller`/],
  ['{ post: { url: "https://x.example/", json: {}, form: {} } }', 'form', 'field-not-here', /keep one of them/],
  ['{ post: { url: "https://x.example/", json: {}, attach: recording } }', 'attach', 'field-not-here', /write `form:` instead/],
  // no kind, or two
  ['{}', 'send', 'no-verb', /`sms`, `email`, `post` and `call`/],
  ['{ fax: { to: x } }', 'send', 'no-verb', /`sms`, `email`, `post` and `call`/],
  ['{ mail: { to: a@example.com, subject: x } }', 'mail', 'unknown-field', /did you mean `email`/],
  ['{ to: "{{caller}}", from: Example, text: x }', 'send', 'no-verb', /`sms`, `email`, `post` and `call`/],
  [`{ ${SMS}, email: { to: a@example.com, subject: x } }`, 'email', 'two-verbs', /write two items, in a list/],
]

for (const [item, at, code, says] of ROWS) {
  void t.test(item, async t => {
    const text = flow(item)
    const errors = checkText(text).problems.filter(problem => problem.severity === 'error')
    t.strictSame(errors.map(problem => [problem.code, text.slice(problem.span.start, problem.span.end)]), [[code, at]])
    const { message = '', effect = '', help = '', label = '' } = errors[0] ?? {}
    t.match([message, effect, label, help].join('\n'), says)
  })
}

void t.test('several mistakes in one list are told together', async t => {
  const codes = (items: string): string[] => checkText(flow(items)).problems.filter(problem => problem.severity === 'error').map(problem => problem.code).sort()
  t.strictSame(codes('[{ sms: { from: Example, text: x } }, { email: { to: a@example.com } }, { call: { to: "{{caller}}", flow: test, timeout: 5 } }]'), ['missing-field', 'missing-field', 'out-of-range'])
  t.strictSame(codes('[{ email: { to: nobody, subject: x } }, { post: { url: "https://x.example/" } }, { call: { to: "112", flow: test } }]'), ['bad-value', 'emergency-number', 'missing-field'])
})
