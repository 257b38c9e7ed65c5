import type { AttributeDefinition, ResourceType, Schema } from '../contract/attribute-definition.js'
import { type JsonSchema, refTo } from '../http/openapi.js'
import { commonAttributes } from './schema-common.js'

/**
 * Resources as JSON Schema, from the definitions that validation, filter, PATCH and discovery read. Each is there twice: as it is
 * answered, with what the server makes and without what is never returned; and as it is sent.
 */

export type Direction = 'answered' | 'sent'

const types: Readonly<Record<AttributeDefinition['type'], JsonSchema>> = {
  string: { type: 'string' },
  reference: { type: 'string' },
  boolean: { type: 'boolean' },
  decimal: { type: 'number' },
  integer: { type: 'integer' },
  dateTime: { type: 'string', format: 'date-time' },
  binary: { type: 'string', contentEncoding: 'base64' },
  complex: { type: 'object' },
}

type Definition = Omit<AttributeDefinition, 'subAttributes'> & Partial<Pick<AttributeDefinition, 'subAttributes'>>

const exists = (direction: Direction) => (definition: Definition) =>
  direction === 'answered' ? definition.returned !== 'never' : definition.mutability !== 'readOnly'

function schemaOfValue(definition: Definition, direction: Direction): JsonSchema {
  const { type, subAttributes, canonicalValues } = definition
  return {
    ...types[type],
    ...(canonicalValues && { examples: [...canonicalValues] }),
    ...(subAttributes && objectOf(subAttributes, direction)),
  }
}

function attributeOf(definition: Definition, direction: Direction): JsonSchema {
  const { description, multiValued, mutability } = definition
  const value = schemaOfValue(definition, direction)
  return {
    description,
    ...(multiValued ? { type: 'array', items: value } : value),
    ...(direction === 'answered' && mutability === 'readOnly' && { readOnly: true }),
    ...(direction === 'sent' && mutability === 'writeOnly' && { writeOnly: true }),
  }
}

/** What is answered holds nothing that no definition names; what is sent may, since clients add things of their own. */
function objectOf(definitions: readonly Definition[], direction: Direction): JsonSchema {
  const shown = definitions.filter(exists(direction))
  const required = direction === 'sent' ? shown.filter((definition) => definition.required).map(({ name }) => name) : []
  return {
    type: 'object',
    properties: Object.fromEntries(shown.map((definition) => [definition.name, attributeOf(definition, direction)])),
    ...(required.length > 0 && { required }),
    ...(direction === 'answered' && { additionalProperties: false }),
  }
}

/** An extension schema: what stands under its URN. */
export function extensionSchema(schema: Schema, direction: Direction): JsonSchema {
  return { description: schema.description, ...objectOf(schema.attributes, direction) }
}

/** Attributes that no request can leave out of an answer (RFC 7643 §2.2, `returned`). */
const always = commonAttributes.filter(({ returned }) => returned === 'always').map(({ name }) => name)

/**
 * A resource. `components` names the schemas of its extensions; those that organizations add stand under URNs of their own, and are
 * known to `/Schemas` alone.
 */
export function resourceSchema(
  type: ResourceType,
  direction: Direction,
  components: Readonly<Record<string, string>>,
): JsonSchema {
  const core = objectOf([...commonAttributes, ...type.schema.attributes], direction) as {
    properties: Record<string, JsonSchema>
    required?: string[]
  }
  const { schemas, ...others } = core.properties
  const extensions = type.extensions.map(({ schema }) => [schema.id, refTo(components[schema.id] ?? '')])
  return {
    description: type.description,
    ...core,
    properties: {
      schemas: { ...schemas, contains: { const: type.schema.id } },
      ...others,
      ...Object.fromEntries(extensions),
    },
    required: direction === 'answered' ? always : core.required,
    patternProperties: { '^[Uu][Rr][Nn]:': { type: 'object', description: 'Attributes of an extension schema.' } },
  }
}

/** A resource of a type that an organization declares: its attributes are known to `/Schemas` alone. */
export function declaredResourceSchema(direction: Direction, builtIn: readonly ResourceType[]): JsonSchema {
  const { additionalProperties: _open, ...common } = objectOf(commonAttributes, direction) as {
    properties: Record<string, JsonSchema>
    additionalProperties?: false
    required?: string[]
  }
  const { schemas, ...others } = common.properties
  return {
    ...common,
    description: 'A resource of a type that the organization declares; /Schemas says what attributes it has.',
    properties: {
      schemas: { ...schemas, not: { contains: { enum: builtIn.map(({ schema }) => schema.id) } } },
      ...others,
    },
    required: direction === 'answered' ? always : common.required,
  }
}
