/** Earlier versions: listed, read, and put back. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ConsoleParts } from './parts.ts'
import { answerEdit } from './flow-routes.ts'
import { readQuery } from './query.ts'
import { refuse } from './refuse.ts'
import type { DiffShown, VersionSourceShown, VersionsShown } from './shapes/versions.ts'

const VERSION = /^[0-9a-f]{1,64}$/

export async function versionRoutes(app: FastifyInstance, parts: ConsoleParts): Promise<void> {
  app.get('/api/versions', async () => {
    const usage = new Map(parts.usage().map(one => [one.version, one]))
    return {
      version: 1,
      versions: (await parts.versions()).map(one => {
        const used = usage.get(one.version)
        return { ...one, started: used?.started ?? 0, inProgress: Math.max(0, (used?.started ?? 0) - (used?.ended ?? 0)) }
      }),
    } satisfies VersionsShown
  })

  app.get('/api/versions/:version', async (request: FastifyRequest<{ Params: { version: string } }>, reply) => {
    const { version } = request.params
    const source = VERSION.test(version) ? await parts.source(version) : undefined
    return source === undefined ? refuse(reply, 404, 'there is no such version') : { version: 1, source } satisfies VersionSourceShown
  })

  app.get('/api/flows/:name/diff', async (request: FastifyRequest<{ Params: { name: string } }>, reply) => {
    const { name } = request.params
    const query = readQuery(request.query, ['from', 'to'])
    if (typeof query === 'string') return refuse(reply, 400, query)
    const live = parts.live().get(name)?.version
    const [from, to] = [query.from ?? live, query.to ?? live]
    const [before, after] = await Promise.all([from, to].map(async version => {
      const source = version !== undefined && VERSION.test(version) ? await parts.source(version) : undefined
      return source?.name === name ? source : undefined
    }))
    if (before === undefined || after === undefined) return refuse(reply, 404, `\`${name}\` has no version \`${((before === undefined ? from : to) ?? 'live').slice(0, 64)}\``)
    return { version: 1, flow: name, from: from as string, to: to as string, changes: await parts.compare(before, after) } satisfies DiffShown
  })

  app.post('/api/flows/:name/rollback', { bodyLimit: 4096 }, async (request: FastifyRequest<{ Params: { name: string }; Body: unknown }>, reply) => {
    const { name } = request.params
    const body = (request.body ?? {}) as Readonly<Record<string, unknown>>
    const { version, force = false } = body
    if (typeof body !== 'object' || Array.isArray(body) || (version !== undefined && (typeof version !== 'string' || !VERSION.test(version))) || typeof force !== 'boolean') {
      return refuse(reply, 400, 'send {"version": "…", "force": false}; both may be left out')
    }
    const done = await parts.editor.alone(() => parts.rollBack({ name, version, force }))
    if (done.is === 'unknown') return refuse(reply, 404, done.why)
    return answerEdit(reply, name, done, done.is === 'live' ? { restored: done.restored, kept: done.kept } : {})
  })
}
