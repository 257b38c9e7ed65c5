import { z } from 'zod'

/** What an operator may set for one connection: how much it may ask for, from where, and when its brake holds. */

/** What Entra ID asks of a provider (25 requests/s for each tenant) is the least that can be set. */
const leastRequestsPerSecond = 25

export const mostRequestsPerSecond = 100_000

const range = z
  .union(
    [z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()],
    'must be an address or a CIDR range, such as 192.0.2.0/24 or 2001:db8::/32',
  )
  .describe('An address or a CIDR range, IPv4 or IPv6.')

const percent = z.int().min(1).max(99)

/** What a connection's brake does where nothing else was set. */
export const brakeDefaults = { mode: 'on', groupPercent: 60, groupMembers: 20, directoryPercent: 40, directoryUsers: 20 } as const

const brakeParts = {
  mode: z.enum(['on', 'off']).describe('Whether the brake holds anything.'),
  groupPercent: percent.describe('A change that takes more than this share of a group’s members away is held …'),
  groupMembers: z.int().min(2).max(1_000_000).describe('… where it is at least this many members.'),
  directoryPercent: percent.describe('A change after which more than this share of active users left within an hour is held …'),
  directoryUsers: z.int().min(2).max(1_000_000).describe('… where it is at least this many users.'),
}

export const brake = z.strictObject(brakeParts).meta({
  id: 'Brake',
  description:
    'When a connection is paused before it takes too much away. Users who came within the hour and are deleted do not count.',
})

export const connectionSettings = z
  .strictObject({
    requestsPerSecond: z
      .int()
      .min(leastRequestsPerSecond)
      .max(mostRequestsPerSecond)
      .nullable()
      .optional()
      .describe('Requests a second that are answered, bulk operations counted each; null takes the installation’s own figure.'),
    allowedFrom: z.array(range).max(100).optional().describe('From where calls are answered; an empty list says from anywhere.'),
    brake: z.strictObject(brakeParts).partial().optional().describe('Parts of the brake to set; the others stay.'),
  })
  .meta({ id: 'ConnectionSettings', description: 'Settings of a connection to change; what is left out stays as it is.' })

const verdictHours = z.int().min(1).max(168)

export const release = z
  .strictObject({ hours: verdictHours.default(1).describe('For how many hours the brake lets everything through.') })
  .meta({ id: 'Release', description: 'Letting a held change through.' })

export const rejection = z
  .strictObject({ hours: verdictHours.default(24).describe('For how many hours such changes are refused for good (403).') })
  .meta({ id: 'Rejection', description: 'Refusing a held change.' })

export type ConnectionSettings = z.output<typeof connectionSettings>
export type BrakeView = z.output<typeof brake>
export type Release = z.output<typeof release>
export type Rejection = z.output<typeof rejection>
