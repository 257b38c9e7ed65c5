import { defineSchema, plural, primaryFlag, type SubAttributeInput, typeLabel, valueDisplayTypePrimary } from './schema-define.js'

/** The User schema: RFC 7643 §4.1, characteristics of §8.7.1 with its errata. Common attributes are in schema-common.ts. */

const text = (name: string, description: string): SubAttributeInput => ({ name, description })

export const userSchema = defineSchema({
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'User account',
  attributes: [
    {
      name: 'userName',
      description: 'The name the user is known by at the provider; unique without regard to case.',
      required: true,
      uniqueness: 'server',
    },
    {
      name: 'name',
      type: 'complex',
      description: "The parts of the user's name.",
      subAttributes: [
        text('formatted', 'The full name, ready for display.'),
        text('familyName', 'The family name.'),
        text('givenName', 'The given name.'),
        text('middleName', 'The middle names.'),
        text('honorificPrefix', 'A title before the name, such as Ms.'),
        text('honorificSuffix', 'What follows the name, such as III.'),
      ],
    },
    text('displayName', 'The name shown to other people.'),
    text('nickName', 'A casual name, such as Bob for Robert.'),
    {
      name: 'profileUrl',
      type: 'reference',
      referenceTypes: ['external'],
      description: 'The address of a page about the user.',
    },
    text('title', 'The job title, such as Vice President.'),
    text('userType', 'How the user relates to the organization, such as Employee or Contractor.'),
    text('preferredLanguage', 'Preferred languages as in an Accept-Language header, such as da, en-GB.'),
    text('locale', 'Language and region for numbers, dates and currency, such as en-US.'),
    text('timezone', 'Time zone in the IANA database, such as Europe/Paris.'),
    { name: 'active', type: 'boolean', description: 'Whether the user may use the product.' },
    {
      name: 'password',
      description: 'A clear-text password; taken, never returned.',
      mutability: 'writeOnly',
      returned: 'never',
    },
    plural(
      'emails',
      'E-mail addresses.',
      valueDisplayTypePrimary({ description: 'The e-mail address.' }, ['work', 'home', 'other']),
    ),
    plural(
      'phoneNumbers',
      'Telephone numbers.',
      valueDisplayTypePrimary({ description: 'The telephone number.' }, ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    ),
    plural(
      'ims',
      'Instant messaging addresses.',
      valueDisplayTypePrimary({ description: 'The instant messaging address.' }, [
        'aim',
        'gtalk',
        'icq',
        'xmpp',
        'msn',
        'skype',
        'qq',
        'yahoo',
      ]),
    ),
    plural(
      'photos',
      'Addresses of pictures of the user.',
      valueDisplayTypePrimary({ type: 'reference', referenceTypes: ['external'], description: 'The address of the picture.' }, [
        'photo',
        'thumbnail',
      ]),
    ),
    plural('addresses', 'Postal addresses.', [
      text('formatted', 'The full address, ready for a label; may contain line breaks.'),
      text('streetAddress', 'Street, house number, box, further lines.'),
      text('locality', 'City or place.'),
      text('region', 'State or region.'),
      text('postalCode', 'Postal code.'),
      text('country', 'Country, as a two-letter ISO 3166-1 code.'),
      typeLabel(['work', 'home', 'other']),
      primaryFlag,
    ]),
    {
      ...plural('groups', 'The groups that hold the user, directly or through other groups.', [
        { name: 'value', description: 'The id of the group.', caseExact: true, mutability: 'readOnly' },
        {
          name: '$ref',
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          description: 'The URI of the group.',
          mutability: 'readOnly',
        },
        { name: 'display', description: 'The name of the group.', mutability: 'readOnly' },
        {
          name: 'type',
          description: 'Whether the user is a member itself or through another group.',
          canonicalValues: ['direct', 'indirect'],
          mutability: 'readOnly',
        },
      ]),
      mutability: 'readOnly',
    },
    plural('entitlements', 'Things the user has a right to.', valueDisplayTypePrimary({ description: 'The entitlement.' })),
    plural('roles', 'Roles, such as Student or Faculty.', valueDisplayTypePrimary({ description: 'The role.' })),
    plural(
      'x509Certificates',
      'Certificates issued to the user.',
      valueDisplayTypePrimary({ type: 'binary', description: 'The certificate: DER in base64.' }),
    ),
  ],
})
