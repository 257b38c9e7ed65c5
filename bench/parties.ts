import type { Party } from './cases.js'
import { type Child, startBenchServer, startGatehouse } from './child.js'
import { openLoad } from './http-load.js'
import { newPerson } from './person.js'
import { openStage, type Stage } from './stage.js'

/** Stages with their servers started and loads opened. Whatever was opened is closed by one call, in the opposite order. */

export type Closing = { readonly later: (close: () => unknown) => void; readonly now: () => Promise<void> }

export function closing(): Closing {
  const closers: (() => unknown)[] = []
  return {
    later: (close) => void closers.push(close),
    now: async () => {
      for (const close of closers.splice(0).reverse()) await close()
    },
  }
}

const connections = 8

function loadsOn(child: Child, token: string): Pick<Party, 'load' | 'single'> & { child: Child } {
  const { url } = child
  return { child, load: openLoad(url, { token, connections }), single: openLoad(url, { token, connections: 1 }) }
}

export type GatehouseParty = Party & { readonly stage: Stage }

/** Gatehouse over a database with so many users; `prepare` adds to it before the planner's statistics are taken. */
export async function gatehouseParty(
  server: string,
  users: number,
  end: Closing,
  prepare: (stage: Stage) => Promise<void> = async () => {},
): Promise<GatehouseParty> {
  const stage = await openStage(server, users)
  end.later(stage.drop)
  await prepare(stage)
  await stage.settle()
  const child = await startGatehouse(stage.databaseUrl)
  end.later(child.stop)
  return { ...loadsOn(child, stage.token), stage, base: stage.base, people: stage.sample, users }
}

/** The floor, over the database of a stage. */
export async function floorParty(stage: Stage, end: Closing): Promise<Party> {
  const child = await startBenchServer('floor-server', {
    DATABASE_URL: stage.databaseUrl,
    FLOOR_ORG: stage.orgId,
    FLOOR_CONNECTION: stage.connectionId,
    FLOOR_TOKEN: stage.token,
  })
  end.later(child.stop)
  return { ...loadsOn(child, stage.token), base: '', people: stage.sample, users: stage.users }
}

/** scimmy with as many users, in its memory. */
export async function scimmyParty(users: number, end: Closing): Promise<Party> {
  const child = await startBenchServer('scimmy-server', { SCIMMY_USERS: String(users) })
  end.later(child.stop)
  const loads = loadsOn(child, 'bench')
  const base = '/scim/v2'
  // It makes its ids up itself; a filter for each would take it minutes, so ids are learnt by creating people.
  const people = []
  for (let n = 0; n < 50; n++) {
    const { body } = await loads.load.send({ method: 'POST', path: `${base}/Users`, body: newPerson() })
    const { id, userName } = JSON.parse(body) as { id: string; userName: string }
    people.push({ id, userName })
  }
  return { ...loads, base, people, users }
}
