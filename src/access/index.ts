export { authorizeOperator, authorizeToken, type Operator, type TokenCaller, tokenAllows } from './authorize.js'
