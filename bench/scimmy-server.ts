import { randomUUID } from 'node:crypto'
import express from 'express'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'
import { profileOf } from './person.js'

/** scimmy behind scimmy-routers with its users in a Map, by the handlers that its documentation shows. */

type Stored = { id: string; userName: string; [attribute: string]: unknown }

const users = new Map<string, Stored>()
const names = new Set<string>()

function store(user: Stored): Stored {
  users.set(user.id, user)
  names.add(user.userName.toLowerCase())
  return user
}

for (let n = 1; n <= Number(process.env.SCIMMY_USERS); n++) {
  const userName = `user${n}@bench.example`
  store({ ...profileOf(n), id: randomUUID(), externalId: `ext-${n}`, userName, active: n % 10 !== 0 })
}

SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false)
SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .ingress((resource, instance) => {
    const user = JSON.parse(JSON.stringify(instance)) as Stored
    if (!resource.id && names.has(user.userName.toLowerCase()))
      throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken')
    return store({ ...user, id: resource.id ?? randomUUID() })
  })
  .egress((resource) => {
    if (resource.id) {
      const user = users.get(resource.id)
      if (!user) throw new SCIMMY.Types.Error(404, '', 'no such user')
      return user
    }
    const all = [...users.values()]
    return resource.filter ? resource.filter.match(all) : all
  })
  .degress(() => {})

const app = express()
app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler: () => 'bench', context: () => undefined }))

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  console.log(JSON.stringify({ url, ids: [...users.keys()] }))
})

process.once('SIGTERM', () => process.exit(0))
