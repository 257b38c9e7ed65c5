/**
 * Proof that somebody asked and was allowed to. A change demands one, and only access/authorize.ts mints them (the architecture test
 * says so), so a write nobody authorised does not compile.
 */

declare const minted: unique symbol

export type ActorType = 'connection_token' | 'connection_client' | 'operator' | 'system'

export type Actor = {
  readonly type: ActorType
  readonly id: string
  readonly name?: string | undefined
}

export type Act = {
  /** The organization the change belongs to. */
  readonly orgId: string
  readonly actor: Actor
  /** Which door it came through: scim, operator, cli, system. */
  readonly door: string
  /** The connection that asserted it; undefined where a person or the operator acts. */
  readonly connectionId?: string | undefined
  readonly requestId?: string | undefined
}

export type Authority = Act & { readonly [minted]: true }

/** For access/authorize.ts alone. */
export function mintAuthority(act: Act): Authority {
  return act as Authority
}
