export { explainConstraint } from './constraints.js'
export {
  createResource,
  deleteResource,
  findResource,
  listResources,
  lockResource,
  replaceResource,
  walkResources,
} from './custom-resources.js'
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
export { groupFilterTarget, resourceFilterTarget, userFilterTarget } from './filter-targets.js'
export { fold } from './fold.js'
export {
  createGroup,
  deleteGroup,
  findGroup,
  listGroups,
  lockGroup,
  replaceGroup,
  walkGroups,
} from './groups.js'
export { compileWalk, type Position } from './keyset.js'
export {
  addMembers,
  countKeptMembers,
  type MembersChanged,
  membersOfGroups,
  removeMembers,
  removeMembersWhere,
  replaceMembers,
} from './memberships.js'
export type {
  CustomResource,
  DeclaredType,
  Group,
  GroupInput,
  GroupOfUser,
  Listed,
  Member,
  Organization,
  Page,
  ResourceInput,
  SchemaExtension,
  Scope,
  TypeVersion,
  UniqueValue,
  User,
  UserInput,
  UserWithGroups,
} from './model.js'
export { createOrganization, findOrganization, listOrganizations } from './organizations.js'
export {
  defineResourceType,
  findResourceType,
  listResourceTypes,
  type ResourceTypeWithExtensions,
  removeResourceType,
} from './resource-types.js'
export type { Judged } from './schema-edits.js'
export { defineExtension, listExtensions, removeExtension } from './schema-extensions.js'
export { isSecret, secretKeys } from './secrets.js'
export { uniqueNames, uniqueValuesUnder } from './unique-attributes.js'
export {
  countActiveUsers,
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
