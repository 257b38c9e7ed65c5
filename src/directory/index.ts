export { explainConstraint } from './constraints.js'
export {
  type CompiledOrder,
  type CompiledPredicate,
  compileFilter,
  compileSort,
  type FilterTarget,
  type Predicate,
  type Sort,
} from './filter.js'
export { memberFilterTarget } from './filter-relations.js'
export { groupFilterTarget, userFilterTarget } from './filter-targets.js'
export { fold } from './fold.js'
export {
  createGroup,
  deleteGroup,
  findGroup,
  type GroupNames,
  listGroups,
  lockGroup,
  replaceGroup,
  walkGroups,
} from './groups.js'
export { type CompiledWalk, compileWalk, type Position } from './keyset.js'
export {
  addMembers,
  type MembersChanged,
  membersOfGroups,
  removeMembers,
  removeMembersWhere,
  replaceMembers,
} from './memberships.js'
export type {
  ExtendedType,
  ExtensionInput,
  Group,
  GroupInput,
  GroupOfUser,
  Listed,
  Member,
  Organization,
  Page,
  SchemaExtension,
  Scope,
  UniqueValue,
  User,
  UserInput,
} from './model.js'
export { createOrganization, findOrganization, listOrganizations } from './organizations.js'
export type { Comparison, Keys, OrderOperator } from './predicate.js'
export { defineExtension, listExtensions } from './schema-extensions.js'
export {
  createUser,
  deleteUser,
  findUser,
  groupsOfUsers,
  listUsers,
  lockUser,
  lockUserNamed,
  replaceUser,
  walkUsers,
} from './users.js'
export type { Walked } from './walk-store.js'
