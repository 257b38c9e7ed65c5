import type { ResourceType } from '../contract/attribute-definition.js'
import type { Change } from '../journal/index.js'
import { notFound } from '../platform/errors.js'
import type { Json, JsonObject } from '../platform/json.js'
import type { Adapter, Written } from './adapter.js'
import type { ScimCaller } from './caller.js'
import { canonicalDocument, canonicalPatch } from './dialects/canonical.js'
import { checkPrecondition } from './etag.js'
import { carryImmutable, checkImmutable } from './immutable.js'
import { applyPatch, writtenPaths } from './patch.js'
import { type Selection, writtenNames } from './selection.js'

/**
 * What POST, PUT, PATCH and DELETE do to one resource inside a change. An endpoint runs one in a change of its own, Bulk several in
 * one; both do the same.
 */

/** A write whose body was read and found well formed. Each function may run again after its change was rolled back. */
export type Write = {
  readonly run: (c: Change, shown: Selection) => Promise<JsonObject>
  /** What of a creation had to wait for other creations; runs after them and gives the resource as it then is. */
  readonly finish?: ((c: Change, shown: Selection) => Promise<JsonObject>) | undefined
  /** Names that the request brought: Selection.written. */
  readonly written: readonly string[]
}

/** One resource, and its version as If-Match asks for it. */
export type Target = { readonly id: string; readonly ifMatch: string | undefined }

/** The id a creation is to give, and the ids of resources that do not exist before it is finished. */
export type Planned = { readonly id: string; readonly waitsFor: ReadonlySet<string> }

export type ResourceOperations = ReturnType<typeof resourceOperations>

/** The refusal of an id that names nothing the caller sees. */
export function missing({ name }: ResourceType, id: string): Error {
  return notFound(
    'resource_not_found',
    `There is no ${name.toLowerCase()} "${id.slice(0, 100)}" in this directory. It may have been deleted, or belong to another connection.`,
  )
}

/** Reading a body throws 400 (413 for too long a PATCH); running a write throws as the directory does, 404 and 412 included. */
export function resourceOperations<Row>(adapter: Adapter<Row>) {
  const { family, endpoint, patchReply } = adapter

  /** Reads a resource and makes it what `next` says it becomes. */
  const rewrite =
    (caller: ScimCaller, target: Target, next: (before: JsonObject) => Written): Write['run'] =>
    async (c, shown) => {
      const before = await adapter.lock(c, caller, target.id)
      if (before === undefined) throw missing(adapter.typeOf(caller), target.id)
      const attributes = adapter.attributesOf(before)
      caller.notes.before = attributes
      checkPrecondition(target.ifMatch, adapter.versionOf(before))
      const after = await adapter.save(c, caller, before, next(attributes))
      return adapter.present(c.trx, caller, after, shown)
    }

  return {
    family,
    endpoint,
    patchReply,

    create: (caller: ScimCaller, body: Json, planned?: Planned): Write => {
      const type = adapter.typeOf(caller)
      const sent = canonicalDocument(type, body, caller.switches)
      caller.notes.understood = { type, document: sent }
      const { document, members } = (planned && adapter.postpone?.(sent, planned.waitsFor)) ?? { document: sent, members: [] }
      const target = planned && members.length > 0 ? { id: planned.id, ifMatch: undefined } : undefined
      return {
        run: async (c, shown) => adapter.present(c.trx, caller, await adapter.create(c, caller, document, planned?.id), shown),
        finish: target && rewrite(caller, target, (before) => ({ by: 'patch', document: before, members })),
        written: writtenNames(type, sent),
      }
    },

    replace: (caller: ScimCaller, target: Target, body: Json): Write => {
      const type = adapter.typeOf(caller)
      const sent = canonicalDocument(type, body, caller.switches)
      caller.notes.understood = { type, document: sent }
      const run = rewrite(caller, target, (before) => {
        const document = carryImmutable(type, before, sent)
        checkImmutable(type, before, document)
        return { by: 'put', document }
      })
      return { run, written: writtenNames(type, sent) }
    },

    patch: (caller: ScimCaller, target: Target, body: Json): Write => {
      const type = adapter.typeOf(caller)
      const plan = canonicalPatch(type, body, caller.switches)
      caller.notes.understood = { type, plan }
      const run = rewrite(caller, target, (before) => {
        const { document, members } = applyPatch(type, before, plan)
        return { by: 'patch', document, members }
      })
      return { run, written: writtenPaths(plan) }
    },

    remove: async (c: Change, caller: ScimCaller, { id, ifMatch }: Target): Promise<void> => {
      if (ifMatch !== undefined) {
        const before = await adapter.lock(c, caller, id)
        if (before !== undefined) checkPrecondition(ifMatch, adapter.versionOf(before))
      }
      if (!(await adapter.remove(c, caller, id))) throw missing(adapter.typeOf(caller), id)
    },
  }
}
