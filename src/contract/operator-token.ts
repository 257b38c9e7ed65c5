import { z } from 'zod'
import { expiresAt, token, tokenName } from './token.js'

/** Tokens of whoever runs the installation, as the command line shows them. */

export const newOperatorToken = z
  .strictObject({ name: tokenName, expiresAt: expiresAt.optional() })
  .meta({ id: 'NewOperatorToken', description: 'An operator token to make.' })

export const operatorToken = token
  .omit({ connectionId: true, scopes: true, userId: true, daysLeft: true })
  .meta({ id: 'OperatorToken', description: 'An operator token, without its secret.' })

export type OperatorTokenView = z.output<typeof operatorToken>
