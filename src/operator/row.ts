import type { z } from 'zod'
import type { Call, Endpoint } from '../http/endpoint.js'
import { checkInput } from '../http/validate.js'
import type { OperatorApi } from './api.js'

/** How an operation of the operator door is written down: one row, from which its endpoint is made. */

export type OperatorCaller = {
  readonly id: string
  readonly name: string
  /** What this caller may use, for one request. */
  readonly api: (requestId: string) => OperatorApi
}

export type Place = { readonly org: string; readonly connection: string; readonly token: string }

export type Row = Pick<Endpoint<OperatorCaller>, 'id' | 'method' | 'path' | 'summary' | 'bodySchema' | 'querySchema'> & {
  readonly reply: readonly [status: number, description: string, schema: z.ZodType]
  readonly run: (api: OperatorApi, place: Place, call: Call) => Promise<object>
}

/** The part of a row that reads a body: what `run` gets has been checked. */
export function reads<Body extends z.ZodType>(
  bodySchema: Body,
  run: (api: OperatorApi, place: Place, input: z.output<Body>, call: Call) => Promise<object>,
): Pick<Row, 'bodySchema' | 'run'> {
  return { bodySchema, run: (api, place, call) => run(api, place, checkInput(bodySchema, call.body ?? {}), call) }
}
