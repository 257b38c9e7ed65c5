import { uuidv7 } from 'uuidv7'

/** The only source of ids: UUIDv7, so that rows of one organization lie in order of creation. */
export type NewId = () => string

export const newId: NewId = uuidv7

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** True for an id as this server writes it. Anything else names nothing, and never reaches a uuid column. */
export function isId(value: string): boolean {
  return uuid.test(value)
}

/** The least id that can have been made at an instant: ids made later compare as greater (RFC 9562 §5.7). */
export function firstIdAt(at: Date): string {
  const ms = at.getTime().toString(16).padStart(12, '0')
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`
}
