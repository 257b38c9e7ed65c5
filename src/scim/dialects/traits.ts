import type { Json, JsonObject } from '../../platform/json.js'
import { isObject } from '../keys.js'
import { withRoleObjects } from './role-texts.js'

/** Habits by which clients betray themselves in their traffic. Each looks at one request alone, and at nothing secret in it. */

/** A request as it came in. `path` is the part below the SCIM base, with its query; header names are in lower case. */
export type SeenRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body?: Json
}

/**
 * What a habit points to. `entra` and `okta` are each enough alone; what starts with "also" is believed only beside such a one, since
 * others do it too; `nobody` is worth telling and points nowhere.
 */
export type Hint = 'entra' | 'entra-legacy' | 'also-entra' | 'okta' | 'also-okta-oin' | 'also-okta-aiw' | 'nobody'

export type Trait = { readonly hint: Hint; readonly says: string; readonly shows: (request: SeenRequest) => boolean }

const extensionDot = /urn:ietf:params:scim:schemas:(?:core|extension:[^:]+):2\.0:\w+\.\w/i

export const traits: readonly Trait[] = [
  {
    hint: 'okta',
    says: 'names itself "Okta SCIM Client"',
    shows: ({ headers }) => /^okta scim client/i.test(headers['user-agent'] ?? ''),
  },
  {
    hint: 'okta',
    says: 'creates users with a placeholder password and an empty list of groups',
    shows: (request) => {
      const user = created(request, '/Users')
      return typeof user?.password === 'string' && Array.isArray(user.groups) && user.groups.length === 0
    },
  },
  {
    hint: 'also-okta-oin',
    says: 'switches users on and off by PATCH without a path',
    shows: (request) =>
      operationsOf(request).some(({ path, value }) => path === undefined && isObject(value) && 'active' in value),
  },
  {
    hint: 'also-okta-oin',
    says: 'changes groups by PATCH',
    shows: ({ method, path }) => method === 'PATCH' && isBelow(path, '/Groups'),
  },
  {
    hint: 'also-okta-aiw',
    says: 'deactivates users by PUT',
    shows: (request) => request.method === 'PUT' && isBelow(request.path, '/Users') && documentOf(request)?.active === false,
  },
  {
    hint: 'also-okta-aiw',
    says: 'changes groups by PUT',
    shows: ({ method, path }) => method === 'PUT' && isBelow(path, '/Groups'),
  },
  {
    hint: 'entra',
    says: 'writes operations as "Add", "Replace" and "Remove"',
    shows: (request) => operationsOf(request).some(({ op }) => /^(?:Add|Replace|Remove)$/.test(String(op))),
  },
  {
    hint: 'entra',
    says: 'has the flag aadOptscim062020 in its addresses',
    shows: ({ path }) => /[?&]aadOptscim062020\b/i.test(path),
  },
  {
    hint: 'entra',
    says: 'writes booleans as the text "True" or "False"',
    shows: (request) =>
      operationsOf(request).some(
        ({ path, value }) =>
          /(?:^|[.:])(?:active|primary)$/i.test(String(path)) && typeof value === 'string' && /^(?:True|False)$/.test(value),
      ) ||
      [queryOf(request), ...operationsOf(request).map(({ path }) => String(path))].some((text) =>
        /\beq "(?:True|False)"/.test(text),
      ),
  },
  {
    hint: 'entra',
    says: "declares Microsoft's ADSCIM schema for groups",
    shows: (request) => schemasOf(request).some((urn) => /^http:\/\/schemas\.microsoft\.com\//i.test(urn)),
  },
  {
    hint: 'entra',
    says: "misspells the enterprise extension as Microsoft's documentation does",
    shows: (request) => schemasOf(request).some((urn) => /:extension:enterprise:2\.0User$/i.test(urn)),
  },
  {
    hint: 'entra',
    says: 'names members with "$ref": null',
    shows: (request) =>
      operationsOf(request).some(({ value }) => Array.isArray(value) && value.some((one) => isObject(one) && one.$ref === null)),
  },
  {
    hint: 'entra',
    says: 'sends roles as JSON text, or names them in displayName',
    shows: ({ body = null }) => JSON.stringify(withRoleObjects(body)) !== JSON.stringify(body),
  },
  {
    hint: 'also-entra',
    says: 'leaves out the quotes around text in filters',
    shows: (request) => /\beq (?!true\b|false\b|null\b|-?\d)[^"\s]/i.test(queryOf(request)),
  },
  {
    hint: 'also-entra',
    says: 'sends several attributes of a user under dotted names in one value',
    shows: (request) =>
      operationsOf(request).some(
        ({ path, value }) => path === undefined && isObject(value) && Object.keys(value).some((key) => /^\w+\.\w+$/.test(key)),
      ),
  },
  {
    hint: 'entra-legacy',
    says: 'puts a dot between an extension and its attribute',
    shows: (request) => operationsOf(request).some(({ path }) => extensionDot.test(String(path))),
  },
  {
    hint: 'entra-legacy',
    says: 'has the flag AzureAdScimPatch2017 in its addresses',
    shows: ({ path }) => /[?&]AzureAdScimPatch2017\b/i.test(path),
  },
  {
    hint: 'nobody',
    says: 'declares schemas of SCIM 1, which every profile reads (OneLogin does so)',
    shows: (request) => schemasOf(request).some((urn) => /^urn:scim:/i.test(urn)),
  },
  {
    hint: 'nobody',
    says: 'removes members by a list in the value, which every profile reads (JumpCloud, authentik and Entra ID do so)',
    shows: (request) =>
      operationsOf(request).some(
        ({ op, path, value }) => /^remove$/i.test(String(op)) && path === 'members' && Array.isArray(value),
      ),
  },
]

type Operation = { readonly op?: Json; readonly path?: Json; readonly value?: Json }

function documentOf({ body = null }: SeenRequest): JsonObject | undefined {
  return isObject(body) ? body : undefined
}

function created(request: SeenRequest, endpoint: string): JsonObject | undefined {
  return request.method === 'POST' && isBelow(request.path, endpoint) ? documentOf(request) : undefined
}

function operationsOf(request: SeenRequest): readonly Operation[] {
  const operations = request.method === 'PATCH' ? documentOf(request)?.Operations : undefined
  return Array.isArray(operations) ? operations.filter(isObject) : []
}

function schemasOf(request: SeenRequest): readonly string[] {
  const schemas = documentOf(request)?.schemas
  return Array.isArray(schemas) ? schemas.filter((urn) => typeof urn === 'string') : []
}

function isBelow(path: string, endpoint: string): boolean {
  return path === endpoint || path.startsWith(`${endpoint}/`) || path.startsWith(`${endpoint}?`)
}

/** The filter of a query, decoded as far as it can be. */
function queryOf({ path }: SeenRequest): string {
  const at = path.indexOf('?')
  return at < 0 ? '' : (new URLSearchParams(path.slice(at + 1)).get('filter') ?? '')
}
