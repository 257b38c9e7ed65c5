import { z } from 'zod'

/** Refusals on the wire: RFC 9457. */

export const problem = z
  .strictObject({
    type: z.string().describe('Stable name of the refusal, a URN; programs branch on this.'),
    title: z.string().describe('The status in words.'),
    status: z.int().describe('The status of the reply.'),
    detail: z.string().describe('What is wrong, and what to do about it.'),
    requestId: z.string().describe('Identifier of the request, to look it up in the log.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().describe('JSON pointer into the body; empty for the body itself.'),
          detail: z.string().describe('What is wrong there.'),
        }),
      )
      .optional()
      .describe('Every fault of the input, where it was checked as a whole.'),
  })
  .meta({ id: 'Problem', description: 'A refusal (RFC 9457).' })
