import type { Call, Endpoint, Reply } from '../http/endpoint.js'
import type { Journal } from '../journal/index.js'
import type { Knex } from '../platform/db/open.js'
import { notFound } from '../platform/errors.js'
import type { Json, JsonObject } from '../platform/json.js'
import type { Adapter } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { checkPrecondition, isKnown } from './etag.js'
import { parseFilter } from './filter-syntax.js'
import { carryImmutable, checkImmutable } from './immutable.js'
import { listResponse } from './list-response.js'
import { applyPatch, type PatchOperation, readPatch } from './patch.js'
import { project, projection } from './projection.js'
import { readQuery, readSearchRequest, readSelection, type ScimQuery } from './query.js'
import { type Selection, writtenNames } from './selection.js'
import { readDocument } from './validate.js'

/** The protocol of RFC 7644 §3.3–3.6 for one kind of resource: the same seven operations, whatever the adapter serves. */

export type ScimDeps = { readonly db: Knex; readonly journal: Journal }

/** Page sizes: what a client gets without `count`, and the most it can ask for. */
export const pageSize = { default: 100, max: 200 }

const replies = {
  200: { description: 'The resource, or the list.' },
  204: { description: 'Done; nothing to show.' },
  304: { description: 'The client has this version.' },
  400: { description: 'The request is wrong; scimType and detail say how.' },
  404: { description: 'No such resource is visible to this connection.' },
  409: { description: 'A value that must be unique is taken.' },
  412: { description: 'The resource changed since it was read.' },
}

function missing(noun: string, id: string): Error {
  const one = noun.replace(/s$/, '')
  return notFound(
    'resource_not_found',
    `There is no ${one} "${id.slice(0, 100)}" in this directory. It may have been deleted, or belong to another connection.`,
  )
}

// Names as the operations bring them; those the schema does not have drop out in the projection.
function patchedNames(operations: readonly PatchOperation[]): string[] {
  return operations.flatMap(({ path, value }) =>
    path !== undefined ? [path.replace(/\[.*\]/s, '')] : typeof value === 'object' && value !== null ? Object.keys(value) : [],
  )
}

export function resourceEndpoints<Row>(deps: ScimDeps, adapter: Adapter<Row>): Endpoint<ScimCaller>[] {
  const { noun, endpoint } = adapter

  const reply = (status: number, caller: ScimCaller, resource: JsonObject, selection: Selection): Reply => {
    const meta = resource.meta as { version: string; location: string }
    return {
      status,
      headers: { ETag: meta.version, ...(status === 201 && { Location: meta.location }) },
      body: project(adapter.typeOf(caller), resource, selection),
    }
  }

  const change = <T>(caller: ScimCaller, call: Call, run: Parameters<typeof deps.journal.change<T>>[1]): Promise<T> =>
    deps.journal.change(caller.authority(`scim.${noun}.write`, call.requestId), run)

  /** Reads a resource, lets `next` say what it becomes, and answers with what it became. */
  const rewrite = async (
    caller: ScimCaller,
    call: Call,
    selection: Selection,
    next: (before: JsonObject) => Parameters<Adapter<Row>['save']>[3],
  ): Promise<JsonObject> => {
    const id = call.params.id ?? ''
    return change(caller, call, async (c) => {
      const before = await adapter.lock(c, caller, id)
      if (before === undefined) throw missing(noun, id)
      checkPrecondition(call.headers['if-match'], adapter.versionOf(before))
      const after = await adapter.save(c, caller, before, next(adapter.attributesOf(before)))
      return adapter.present(c.trx, caller, after, selection)
    })
  }

  const list = async (caller: ScimCaller, query: ScimQuery): Promise<Reply> => {
    const limit = Math.min(query.count ?? pageSize.default, pageSize.max)
    const filter =
      query.filter === undefined ? undefined : parseFilter(query.filter, { bareValues: caller.switches.bareFilterValues })
    const page = { offset: query.startIndex - 1, limit }
    const { total, items } = await adapter.list(deps.db, caller, { filter, query, page })
    return {
      status: 200,
      body: listResponse(total, query.startIndex, items.map(projection(adapter.typeOf(caller), query.selection))),
    }
  }

  const declare = (
    entry: Pick<Endpoint<ScimCaller>, 'method' | 'path' | 'summary' | 'body' | 'handle'> & { id: string; write?: true },
  ): Endpoint<ScimCaller> => ({
    id: `scim.${noun}.${entry.id}`,
    access: `scim.${noun}.${entry.write ? 'write' : 'read'}`,
    method: entry.method,
    path: entry.path,
    summary: entry.summary,
    body: entry.body,
    replies,
    handle: entry.handle,
  })

  return [
    declare({
      id: 'list',
      method: 'GET',
      path: endpoint,
      summary: `Query ${noun}.`,
      body: 'none',
      handle: (caller, call) => list(caller, readQuery(call.query)),
    }),
    declare({
      id: 'search',
      method: 'POST',
      path: `${endpoint}/.search`,
      summary: `Query ${noun} with the query in the body.`,
      body: 'json',
      handle: (caller, call) => list(caller, readSearchRequest(call.body)),
    }),
    declare({
      id: 'create',
      method: 'POST',
      path: endpoint,
      summary: `Create one of ${noun}.`,
      body: 'json',
      write: true,
      handle: async (caller, call) => {
        const selection = readSelection(call.query)
        const document = readDocument(adapter.typeOf(caller), call.body as Json, caller.switches)
        const resource = await change(caller, call, async (c) =>
          adapter.present(c.trx, caller, await adapter.create(c, caller, document), selection),
        )
        return reply(201, caller, resource, { ...selection, written: writtenNames(adapter.typeOf(caller), document) })
      },
    }),
    declare({
      id: 'read',
      method: 'GET',
      path: `${endpoint}/:id`,
      summary: `Read one of ${noun}.`,
      body: 'none',
      handle: async (caller, call) => {
        const selection = readSelection(call.query)
        const id = call.params.id ?? ''
        const resource = await adapter.find(deps.db, caller, id, selection)
        if (!resource) throw missing(noun, id)
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
      write: true,
      handle: async (caller, call) => {
        const type = adapter.typeOf(caller)
        const selection = readSelection(call.query)
        const sent = readDocument(type, call.body as Json, caller.switches)
        const resource = await rewrite(caller, call, selection, (before) => {
          const document = carryImmutable(type, before, sent)
          checkImmutable(type, before, document)
          return { by: 'put', document }
        })
        return reply(200, caller, resource, { ...selection, written: writtenNames(type, sent) })
      },
    }),
    declare({
      id: 'patch',
      method: 'PATCH',
      path: `${endpoint}/:id`,
      summary: `Change parts of one of ${noun}.`,
      body: 'json',
      write: true,
      handle: async (caller, call) => {
        const type = adapter.typeOf(caller)
        const selection = readSelection(call.query)
        const operations = readPatch(call.body as Json, caller.switches)
        const silent = adapter.patchReply(caller) === 'noContent' && !selection.attributes
        const shown = silent ? { attributes: ['meta'] } : selection
        const resource = await rewrite(caller, call, shown, (before) => {
          const { document, members } = applyPatch(type, before, operations, caller.switches)
          return { by: 'patch', document, members }
        })
        const full = reply(200, caller, resource, { ...selection, written: patchedNames(operations) })
        return silent ? { status: 204, headers: full.headers ?? {} } : full
      },
    }),
    declare({
      id: 'delete',
      method: 'DELETE',
      path: `${endpoint}/:id`,
      summary: `Delete one of ${noun}.`,
      body: 'none',
      write: true,
      handle: async (caller, call) => {
        const id = call.params.id ?? ''
        await change(caller, call, async (c) => {
          const condition = call.headers['if-match']
          if (condition !== undefined) {
            const before = await adapter.lock(c, caller, id)
            if (before !== undefined) checkPrecondition(condition, adapter.versionOf(before))
          }
          if (!(await adapter.remove(c, caller, id))) throw missing(noun, id)
        })
        return { status: 204 }
      },
    }),
  ]
}
