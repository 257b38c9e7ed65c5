import type { ResourceTypeView } from '../contract/resource-type.js'
import type { DifferenceView } from '../contract/schema.js'
import type { ExtensionView } from '../contract/schema-extension.js'
import type { Judged, ResourceTypeWithExtensions, SchemaExtension } from '../directory/index.js'

/** Schemas of an organization as the operator sees them: in the words in which they are defined. */

export function presentExtension(extension: SchemaExtension): ExtensionView {
  const { urn, resourceType, name, description, required } = extension
  return { urn, resourceType, name, description, required, attributes: [...extension.attributes] }
}

export function presentResourceType({ type, extensions }: ResourceTypeWithExtensions): ResourceTypeView {
  const { name, endpoint, description, schema } = type
  return {
    name,
    endpoint,
    description,
    schema: { ...schema, attributes: [...schema.attributes] },
    extensions: extensions.map((extension) => {
      const { resourceType: _, ...rest } = presentExtension(extension)
      return rest
    }),
  }
}

export function presentDifferences(judged: readonly Judged[]): DifferenceView[] {
  return judged.map(({ attribute, change, resources, effect }) => ({ attribute, change, resources, effect }))
}
