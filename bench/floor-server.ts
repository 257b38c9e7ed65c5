import { createHash, randomUUID } from 'node:crypto'
import express from 'express'
import pg from 'pg'
import { bodyRow, createFloor, type FloorSettings } from './floor-store.js'

/**
 * The floor: what Express and prepared statements cost alone. No filter, no schema, no projection, no log, no metrics, no error
 * handling: each route does the least that could be called the same work.
 */

const settings: FloorSettings = {
  orgId: process.env.FLOOR_ORG ?? '',
  connectionId: process.env.FLOOR_CONNECTION ?? '',
  tokenHash: createHash('sha256')
    .update(process.env.FLOOR_TOKEN ?? '')
    .digest(),
}
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
pool.on('error', () => {})
const floor = createFloor(pool, settings)

const app = express()
app.disable('x-powered-by')
app.disable('etag')

app.get('/Users/:id', async (request, response) => {
  await floor.token()
  response.json(await floor.user(request.params.id))
})

app.get('/Groups/:id', async (request, response) => {
  await floor.token()
  response.json(await floor.group(request.params.id))
})

app.get('/Users', async (request, response) => {
  const rows = await floor.page(Number(request.query.offset))
  response.setHeader('Content-Type', 'application/json')
  for (const row of rows) response.write(JSON.stringify(row))
  response.end()
})

app.post('/Users', express.json({ type: 'application/scim+json' }), async (request, response) => {
  const row = bodyRow(request.body)
  await floor.create(row, randomUUID())
  response.status(201).json(row)
})

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(JSON.stringify({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` }))
})

process.once('SIGTERM', () => {
  server.close(() => void pool.end())
  server.closeAllConnections()
})
