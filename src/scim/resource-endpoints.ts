import type { Call, Endpoint, Reply } from '../http/endpoint.js'
import type { Journal } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import type { Json, JsonObject } from '../platform/json.js'
import type { Adapter } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { readFilter } from './compile-query.js'
import { type CursorDeps, cursorPage } from './cursor-pages.js'
import { isKnown } from './etag.js'
import { listResponse, pageSize } from './list-response.js'
import { project, projection } from './projection.js'
import { readQuery, readSearchRequest, readSelection, type ScimQuery } from './query.js'
import { missing, resourceOperations, type Target, type Write } from './resource-operations.js'
import type { Selection } from './selection.js'

/** The protocol of RFC 7644 §3.3–3.6 for one kind of resource: the same seven operations, whatever the adapter serves. */

export type ScimDeps = CursorDeps & { readonly db: Knex; readonly journal: Journal }

const lists = { 200: { description: 'A page of the resources that match.' } }
const shows = { 200: { description: 'The resource.' } }
const creates = { 201: { description: 'The new resource.' } }
const ends = { 204: { description: 'Done; nothing to show.' } }
const spares = { 304: { description: 'The client has this version.' } }
const collides = { 409: { description: 'A value that must be unique is taken.' } }
const misses = { 404: { description: 'No such resource is visible to this connection.' } }
const guards = { ...misses, 412: { description: 'The resource changed since it was read.' } }

const targetOf = (call: Call): Target => ({ id: call.params.id ?? '', ifMatch: call.headers['if-match'] })

export function resourceEndpoints<Row>(deps: ScimDeps, adapter: Adapter<Row>): Endpoint<ScimCaller>[] {
  const { noun, family, endpoint } = adapter
  const operations = resourceOperations(adapter)

  const reply = (status: number, caller: ScimCaller, resource: JsonObject, selection: Selection): Reply => {
    const meta = resource.meta as { version: string; location: string }
    return {
      status,
      headers: { ETag: meta.version, ...(status === 201 && { Location: meta.location }) },
      body: project(adapter.typeOf(caller), resource, selection),
    }
  }

  const change = <T>(caller: ScimCaller, call: Call, run: Parameters<typeof deps.journal.change<T>>[1]): Promise<T> =>
    deps.journal.change(caller.authority(`scim.${family}.write`, call.requestId), run)

  /** Carries out a write and answers with what became of the resource. */
  const answer = async (caller: ScimCaller, call: Call, status: 200 | 201, write: Write): Promise<Reply> => {
    const selection = readSelection(call.query)
    const resource = await change(caller, call, (c) => write.run(c, selection))
    return reply(status, caller, resource, { ...selection, written: write.written })
  }

  const list = async (caller: ScimCaller, query: ScimQuery): Promise<Reply> => {
    const { cursor } = query
    if (cursor !== undefined) return cursorPage(deps, [adapter], caller, { ...query, cursor })
    const limit = Math.min(query.count ?? pageSize.default, pageSize.max)
    const filter = readFilter(query.filter, caller.switches)
    const page = { offset: query.startIndex - 1, limit }
    const { total, items } = await adapter.list(deps.db, caller, { filter, query, page })
    return {
      status: 200,
      body: listResponse(total, query.startIndex, items.map(projection(adapter.typeOf(caller), query.selection))),
    }
  }

  const declare = (
    entry: Pick<Endpoint<ScimCaller>, 'method' | 'path' | 'summary' | 'body' | 'replies' | 'handle'> & {
      id: string
      write?: true
    },
  ): Endpoint<ScimCaller> => ({
    id: `scim.${family}.${entry.id}`,
    access: `scim.${family}.${entry.write ? 'write' : 'read'}`,
    method: entry.method,
    path: entry.path,
    summary: entry.summary,
    body: entry.body,
    replies: entry.replies,
    handle: entry.handle,
  })

  return [
    declare({
      id: 'list',
      method: 'GET',
      path: endpoint,
      summary: `Query ${noun}.`,
      body: 'none',
      replies: lists,
      handle: (caller, call) => list(caller, readQuery(call.query)),
    }),
    declare({
      id: 'search',
      method: 'POST',
      path: `${endpoint}/.search`,
      summary: `Query ${noun} with the query in the body.`,
      body: 'json',
      replies: lists,
      handle: (caller, call) => list(caller, readSearchRequest(call.body)),
    }),
    declare({
      id: 'create',
      method: 'POST',
      path: endpoint,
      summary: `Create one of ${noun}.`,
      body: 'json',
      replies: { ...creates, ...collides },
      write: true,
      handle: async (caller, call) => answer(caller, call, 201, operations.create(caller, call.body as Json)),
    }),
    declare({
      id: 'read',
      method: 'GET',
      path: `${endpoint}/:id`,
      summary: `Read one of ${noun}.`,
      body: 'none',
      replies: { ...shows, ...spares, ...misses },
      handle: async (caller, call) => {
        const selection = readSelection(call.query)
        const id = call.params.id ?? ''
        const resource = await adapter.find(deps.db, caller, id, selection)
        if (!resource) throw missing(adapter.typeOf(caller), id)
        const found = reply(200, caller, resource, selection)
        return isKnown(call.headers['if-none-match'], found.headers?.ETag ?? '')
          ? { status: 304, headers: found.headers ?? {} }
          : found
      },
    }),
    declare({
      id: 'replace',
      method: 'PUT',
      path: `${endpoint}/:id`,
      summary: `Replace one of ${noun}.`,
      body: 'json',
      replies: { ...shows, ...collides, ...guards },
      write: true,
      handle: async (caller, call) => answer(caller, call, 200, operations.replace(caller, targetOf(call), call.body as Json)),
    }),
    declare({
      id: 'patch',
      method: 'PATCH',
      path: `${endpoint}/:id`,
      summary: `Change parts of one of ${noun}.`,
      body: 'json',
      replies: { ...shows, ...ends, ...collides, ...guards },
      write: true,
      handle: async (caller, call) => {
        const write = operations.patch(caller, targetOf(call), call.body as Json)
        if (adapter.patchReply(caller) === 'resource' || readSelection(call.query).attributes) {
          return answer(caller, call, 200, write)
        }
        const resource = await change(caller, call, (c) => write.run(c, { attributes: ['meta'] }))
        return { status: 204, headers: reply(200, caller, resource, {}).headers ?? {} }
      },
    }),
    declare({
      id: 'delete',
      method: 'DELETE',
      path: `${endpoint}/:id`,
      summary: `Delete one of ${noun}.`,
      body: 'none',
      replies: { ...ends, ...guards },
      write: true,
      handle: async (caller, call) => {
        await change(caller, call, (c) => operations.remove(c, caller, targetOf(call)))
        return { status: 204 }
      },
    }),
  ]
}
