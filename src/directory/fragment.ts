/**
 * SQL in pieces. Text comes from this source code alone: whatever is put into the template becomes a binding (`?`), unless it is a
 * piece itself. So no value can ever become SQL, and the text depends on the shape of a query and not on its values.
 */

export type Binding = string | number | boolean | null
export type Fragment = { readonly sql: string; readonly bindings: readonly Binding[] }

/** A piece of SQL; interpolated values are bound, interpolated pieces are put in as they are. */
export function sql(texts: TemplateStringsArray, ...parts: readonly (Binding | Fragment)[]): Fragment {
  const bindings: Binding[] = []
  let text = texts[0] ?? ''
  parts.forEach((part, index) => {
    if (typeof part === 'object' && part !== null) {
      text += part.sql
      bindings.push(...part.bindings)
    } else {
      text += '?'
      bindings.push(part)
    }
    text += texts[index + 1] ?? ''
  })
  return { sql: text, bindings }
}

/** A name or keyword that is written in this source code, such as a table's alias. Never for anything that came from outside. */
export function literally(text: string): Fragment {
  return { sql: text, bindings: [] }
}

/** Pieces one after another with `separator` between them. */
export function joined(pieces: readonly Fragment[], separator: string): Fragment {
  return { sql: pieces.map((piece) => piece.sql).join(separator), bindings: pieces.flatMap((piece) => piece.bindings) }
}
