/** The module that creates an embedded database in a process of its own: source beside source, compiled beside compiled. */
export const prepareModule = new URL(
  import.meta.url.endsWith('.ts') ? '../prepare-data.ts' : '../prepare-data.js',
  import.meta.url,
)
