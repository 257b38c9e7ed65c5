import { uuidv7 } from 'uuidv7'

/** The only source of ids: UUIDv7, so that rows of one organization lie in order of creation. */
export type NewId = () => string

export const newId: NewId = uuidv7

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** True for an id as this server writes it. Anything else names nothing, and never reaches a uuid column. */
export function isId(value: string): boolean {
  return uuid.test(value)
}
