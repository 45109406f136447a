/** The commands, asked about a flow that others run. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'

async function said(cwd: string, ...args: readonly string[]): Promise<{ status: number; text: string }> {
  let text = ''
  const write = (part: string) => { text += part }
  const status = await runCommand([...args], { stdout: { write }, stderr: { write }, stdin: (async function * () { yield '' })(), env: {}, cwd })
  return { status, text }
}

void t.test('a flow that others run', async t => {
  t.match(await said(process.cwd(), 'test', 'flows/pin.yaml', '--coverage', '--min', '100'), { status: 0, text: /^pin +3 of 3 +6 of 6 +100 %$/m }, 'its calls are those of the flows that run it')
  t.match(await said(process.cwd(), 'call', 'pin', '--keys', '1'), { status: 2, text: /no call begins in `pin`/ })
  t.match(await said(process.cwd(), 'call', 'status-line', '--keys', '2580'), { status: 0, text: /plays status\.wav/ })
  t.match(await said(process.cwd(), 'explain', 'exit-missing'), { status: 0, text: /beside `another\.yaml`:\n\n {2}start: ask/ })

  const folder = mkdtempSync(join(tmpdir(), 'tonval-flows-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  cpSync('flows', join(folder, 'flows'), { recursive: true })
  const pin = readFileSync('flows/pin.yaml', 'utf8')
  writeFileSync(join(folder, 'flows/pin.yaml'), pin.replace('next: right', 'next: rihgt'))
  const wrong = /^flows\/pin\.yaml:18:11: error: .*\[unknown-target\]$/m
  t.match(await said(folder, 'lint', 'flows/status-line.yaml', '--format', 'compact'), { status: 1, text: wrong }, 'what is wrong with it keeps the flow from going live that was named')
  t.match(await said(folder, 'call', 'status-line', '--keys', '1'), { status: 2, text: /pin\.yaml:18:11/ })
  t.match(await said(folder, 'lint', 'flows/helpline.yaml', '--format', 'compact'), { status: 0, text: '' }, 'and no other')
})
