import { defineSchema, plural } from '../../src/scim/schema-define.js'

/** An extension with all that the built-in schemas leave out: every type, both ways of case, lists of plain values, lists in lists, secrets. */
export const oddSchema = defineSchema({
  id: 'urn:example:params:scim:schemas:odd:2.0:Thing',
  name: 'Odd',
  description: '',
  attributes: [
    { name: 'score', type: 'decimal' },
    { name: 'level', type: 'integer' },
    { name: 'vip', type: 'boolean' },
    { name: 'hired', type: 'dateTime' },
    { name: 'code', caseExact: true },
    { name: 'page', type: 'reference', referenceTypes: ['external'] },
    { name: 'key', type: 'binary' },
    { name: 'tags', multiValued: true },
    { name: 'codes', multiValued: true, caseExact: true },
    { name: 'marks', type: 'decimal', multiValued: true },
    { name: 'days', type: 'dateTime', multiValued: true },
    plural('badges', '', [
      { name: 'value', caseExact: true },
      { name: 'type' },
      { name: 'weight', type: 'decimal' },
      { name: 'issued', type: 'dateTime' },
      { name: 'primary', type: 'boolean' },
      { name: 'labels', multiValued: true },
      { name: 'serials', multiValued: true, caseExact: true },
    ]),
    {
      name: 'home',
      type: 'complex',
      subAttributes: [{ name: 'city' }, { name: 'zip', caseExact: true }, { name: 'rooms', multiValued: true }],
    },
    { name: 'pin', returned: 'never' },
    { name: 'safe', type: 'complex', subAttributes: [{ name: 'brand' }, { name: 'combination', returned: 'never' }] },
  ],
})
