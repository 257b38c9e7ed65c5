import { z } from 'zod'

/** The provisioning log as the command line shows it. */

const change = z.strictObject({ before: z.json().optional(), after: z.json().optional() })

const event = z
  .strictObject({
    event: z.string().describe('Name of the event.'),
    target: z.strictObject({ type: z.string(), id: z.string(), name: z.string().nullable() }).describe('What changed.'),
    changed: z.record(z.string(), change).describe('Attributes that changed, each as it was and as it is.'),
    added: z.int().describe('Members that came.'),
    removed: z.int().describe('Members that left.'),
  })
  .describe('What one call changed, as the audit log has it.')

export const provisioningLine = z
  .strictObject({
    id: z.string().describe('Identifier of the call.'),
    at: z.string().describe('When it came in (RFC 3339).'),
    organization: z.string().describe('Short name of the organization.'),
    connectionId: z.string().nullable().describe('The connection that called; null where nobody was known.'),
    tokenId: z.string().nullable().describe('The token that was used.'),
    requestId: z.string().describe('Identifier of the request, the same as in the audit log and in the answer.'),
    method: z.string(),
    route: z.string().describe('The operation; `none` where none was found.'),
    path: z.string().describe('The address below the base of the organization.'),
    target: z
      .strictObject({ type: z.string(), id: z.string().nullable(), name: z.string().nullable() })
      .nullable()
      .describe('The resource it was about.'),
    status: z.int().describe('HTTP status of the answer.'),
    scimType: z.string().nullable().describe('Kind of the failure (RFC 7644 §3.12).'),
    ms: z.number().describe('Time to the end of the answer, in milliseconds.'),
    profile: z.string().nullable().describe('The dialect by which it was read.'),
    userAgent: z.string().nullable(),
    line: z.string().describe('What happened, in words.'),
  })
  .meta({ id: 'ProvisioningLine', description: 'A call of an identity provider.' })

export const provisioningCall = provisioningLine
  .extend({
    request: z.json().describe('What was sent, without what the schema does not know and what is secret.'),
    understood: z.json().describe('What the server understood: a document or operations of the standard.'),
    response: z.json().describe('What was answered, where it was a failure.'),
    events: z.array(event).describe('What changed.'),
    habits: z
      .strictObject({ profile: z.string(), reasons: z.array(z.string()) })
      .describe('The dialect that this call alone points to.'),
  })
  .describe('A call with what lies behind it.')

export const provisioningReplay = z
  .strictObject({
    status: z.int().describe('HTTP status the provider would get today.'),
    line: z.string().describe('What would happen, in words.'),
    events: z.array(event).describe('What would change.'),
    answer: z.json().describe('The answer the provider would get.'),
  })
  .meta({ id: 'ProvisioningReplay', description: 'What a logged call would do today. Nothing was changed.' })

export type ProvisioningLine = z.output<typeof provisioningLine>
export type ProvisioningCall = z.output<typeof provisioningCall>
export type ProvisioningEvent = z.output<typeof event>
export type ProvisioningReplay = z.output<typeof provisioningReplay>
