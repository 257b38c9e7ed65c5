import type { AppError } from '../platform/errors.js'
import type { CallRequest, Reply } from './endpoint.js'
import { statusOf } from './status.js'

/** Refusals as problem details: RFC 9457. */

const problemType = 'application/problem+json'

/** Renders a refusal; `errors` lists each fault of an input by JSON pointer. */
export function renderProblem(error: AppError, request: Pick<CallRequest, 'requestId'>): Reply {
  const [status, title] = statusOf[error.kind]
  const faults =
    error.faults.length > 0 || error.pointer === undefined ? error.faults : [{ pointer: error.pointer, detail: error.detail }]
  return {
    status,
    headers: { ...error.headers, 'Content-Type': problemType },
    body: {
      type: `urn:gatehouse:problem:${error.code}`,
      title,
      status,
      detail: error.detail,
      requestId: request.requestId,
      ...(faults.length > 0 && { errors: faults }),
    },
  }
}
