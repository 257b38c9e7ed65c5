/** Where the operator door is and what it speaks. */
export const operatorWire = {
  name: 'operator',
  prefixes: ['/operator/v1'],
  contentType: 'application/json',
  accepts: ['application/json'],
} as const
