export type { OperatorToken } from './model.js'
export {
  authenticateOperator,
  createOperatorToken,
  installationId,
  listOperatorTokens,
  revokeOperatorToken,
} from './operator-tokens.js'
