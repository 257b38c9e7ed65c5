import { groupsRelation, membersRelation } from './filter-relations.js'
import { literally } from './fragment.js'
import type { Scope } from './model.js'
import type { Column, FilterTarget } from './predicate.js'

/** Where the attributes of users, groups and resources of declared types lie. Whatever is not named here is in the documents `profile` and `search`. */

const column = (name: string, kind: Column['kind']): Column => ({ sql: literally(name), kind, nullable: false })
const nullable = (name: string, kind: Column['kind']): Column => ({ sql: literally(name), kind, nullable: true })

/** Rows of `users u`, left-joined with `identities i` of the scope's connection. */
export function userFilterTarget(scope: Scope): FilterTarget {
  return {
    id: literally('u.id'),
    profile: literally('u.profile'),
    search: literally('u.search'),
    columns: new Map([
      ['id', column('u.id', 'id')],
      ['userName', column('u.user_name_key', 'key')],
      ['displayName', nullable('u.display_name_key', 'folded')],
      ['active', column('u.active', 'boolean')],
      ['externalId', nullable('i.external_id', 'exact')],
      ['meta.created', column('u.created_at', 'instant')],
      ['meta.lastModified', column('u.updated_at', 'instant')],
    ]),
    relations: new Map([['groups', groupsRelation(scope)]]),
  }
}

/** Rows of `groups g`. */
export function groupFilterTarget(scope: Scope): FilterTarget {
  return {
    id: literally('g.id'),
    profile: literally('g.profile'),
    search: literally('g.search'),
    columns: new Map([
      ['id', column('g.id', 'id')],
      ['displayName', column('g.display_name_key', 'folded')],
      ['externalId', nullable('g.external_id', 'exact')],
      ['meta.created', column('g.created_at', 'instant')],
      ['meta.lastModified', column('g.updated_at', 'instant')],
    ]),
    relations: new Map([['members', membersRelation(scope)]]),
  }
}

/** Rows of `custom_resources r`. */
export const resourceFilterTarget: FilterTarget = {
  id: literally('r.id'),
  profile: literally('r.profile'),
  search: literally('r.search'),
  columns: new Map([
    ['id', column('r.id', 'id')],
    ['externalId', nullable('r.external_id', 'exact')],
    ['meta.created', column('r.created_at', 'instant')],
    ['meta.lastModified', column('r.updated_at', 'instant')],
  ]),
  relations: new Map(),
}
