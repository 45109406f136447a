/**
 * The SARIF that lint writes fits the standard's own schema: test/cases/sarif-schema-2.1.0.json, unchanged from
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import t from 'tap'

const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync('test/cases/sarif-schema-2.1.0.json', 'utf8'))
const folder = 'test/cases/render'
/** The formats that the schema names, as narrow as RFC 3986 and RFC 3339 have them. */
const formats = {
  'uri': /^[a-z][a-z0-9+.-]*:[\w./?#[\]@:!$&'()*+,;=%~-]+$/i,
  'uri-reference': /^[\w./?#[\]@:!$&'()*+,;=%~-]*$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
}
// it is written in draft 4, of which it uses nothing that draft 7 reads otherwise but the names of its head
const validate = new Ajv({ strict: false, allErrors: true, formats }).compile(schema)
const logs = readdirSync(folder).filter(name => name.endsWith('.sarif'))

t.ok(logs.length > 5, 'the cases were found')

for (const name of logs) {
  void t.test(name, async t => {
    validate(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')))
    t.same(validate.errors ?? [], [])
  })
}

void t.test('the schema refuses what is none', async t => {
  const log = (): { runs: { results: Record<string, unknown>[] }[] } => JSON.parse(readFileSync(`${folder}/many.sarif`, 'utf8'))
  const spoilt = log()
  Object.assign(spoilt.runs[0]?.results[0] ?? {}, { level: 'fatal' })
  t.notOk(validate(spoilt))
  const without = log()
  delete without.runs[0]?.results[0]?.['message']
  t.notOk(validate(without))
})
