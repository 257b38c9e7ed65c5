import { z } from 'zod'

/**
 * Contracts as JSON Schema (the dialect of OpenAPI 3.1). What has an id in its metadata becomes a component of that name; a component
 * that reads otherwise as a body than as a reply (defaults, most of all) is there twice, the body's with `Input` after its name.
 */

export type JsonSchema = { readonly [key: string]: unknown }

const base = '#/components/schemas/'

export const refTo = (name: string): JsonSchema => ({ $ref: `${base}${name}` })

type Io = 'input' | 'output'

const idOf = (schema: z.ZodType): string | undefined => z.globalRegistry.get(schema)?.id

const bare = ({ $schema: _dialect, $id: _id, ...schema }: JsonSchema): JsonSchema => schema

function named(io: Io): Map<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { io, uri: (id) => `${base}${id}` })
  return new Map(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]))
}

/** Without metadata, so that nothing in it is a reference. */
const inline = (schema: z.ZodType, io: Io): JsonSchema =>
  bare(z.toJSONSchema(schema, { io, metadata: z.registry<{ id?: string }>() }))

const referred = (schema: JsonSchema): string[] =>
  [...JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, id = '']) => id)

function reach(ids: readonly string[], all: ReadonlyMap<string, JsonSchema>): Set<string> {
  const reached = new Set<string>()
  const queue = [...ids]
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    queue.push(...referred(all.get(id) ?? {}))
  }
  return reached
}

/** Ids whose two forms differ, themselves or in what they refer to. */
function differing(inputs: ReadonlyMap<string, JsonSchema>, outputs: ReadonlyMap<string, JsonSchema>): Set<string> {
  const own = [...inputs.keys()].filter((id) => JSON.stringify(inputs.get(id)) !== JSON.stringify(outputs.get(id)))
  return new Set([...inputs.keys()].filter((id) => own.some((other) => reach([id], inputs).has(other))))
}

/** The schemas of these contracts, and how each is referred to. */
export function createContracts(used: { readonly inputs: readonly z.ZodType[]; readonly outputs: readonly z.ZodType[] }) {
  const [inputs, outputs] = [named('input'), named('output')]
  const idsOf = (schemas: readonly z.ZodType[]) => schemas.flatMap((schema) => idOf(schema) ?? [])
  const sent = reach(idsOf(used.inputs), inputs)
  const shown = reach(idsOf(used.outputs), outputs)
  const two = new Set([...differing(inputs, outputs)].filter((id) => sent.has(id) && shown.has(id)))
  const inputName = (id: string) => (two.has(id) ? `${id}Input` : id)
  const renamed = (schema: JsonSchema): JsonSchema =>
    JSON.parse(JSON.stringify(schema), (key, value) =>
      key === '$ref' ? `${base}${inputName(String(value).slice(base.length))}` : value,
    )

  const schemas: Record<string, JsonSchema> = {}
  for (const id of sent) schemas[inputName(id)] = renamed(inputs.get(id) ?? {})
  for (const id of shown) schemas[id] = outputs.get(id) ?? {}

  const reference = (schema: z.ZodType, io: Io): JsonSchema => {
    const id = idOf(schema)
    if (id === undefined) return inline(schema, io)
    return refTo(io === 'input' ? inputName(id) : id)
  }
  return {
    schemas: schemas as Readonly<Record<string, JsonSchema>>,
    input: (schema: z.ZodType) => reference(schema, 'input'),
    output: (schema: z.ZodType) => reference(schema, 'output'),
  }
}

/** The properties of an object contract as they are sent, each with what is said about it. */
export function propertiesOf(schema: z.ZodType): Readonly<Record<string, JsonSchema>> {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' })
  return properties as Record<string, JsonSchema>
}
