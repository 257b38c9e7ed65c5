export { authorizeOperator, authorizeToken, type Operator, type TokenCaller } from './authorize.js'
