// development only, removed at the end
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { addMember, create, filterByName, firstSortedPage, pages, readById, readGroup } from './cases.js'
import { closing, floorParty, gatehouseParty, scimmyParty } from './parties.js'
import { profileCall } from './profile.js'
import { startGatehouse } from './child.js'
const server = 'postgres://postgres@127.0.0.1/postgres'
const [which = 'get', n = '3000', mode = ''] = process.argv.slice(2)
const ticks = (pid: number) => { const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' '); return (Number(f[11]) + Number(f[12])) * 10 }
const end = closing()
try {
  let groups: string[] = []
  const party: any = await gatehouseParty(server, 1000, end, async (s) => { groups = await s.addGroups({ name: 'Half', count: 1, members: 500 }) })
  const floor: any = await floorParty(party.stage, end)
  const sc: any = mode.includes('s') ? await scimmyParty(1000, end) : undefined
  const db = new pg.Client({ connectionString: party.stage.databaseUrl }); await db.connect()
  const backends = async () => (await db.query("select pid, application_name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")).rows
  const kinds: Record<string, [any, any?, any?]> = {
    get: [readById(party), readById(floor), sc && readById(sc)], filter: [filterByName(party), undefined, sc && filterByName(sc)],
    page: [pages(party, 'startIndex', 1), pages(floor, 'offset', 0), sc && pages(sc, 'startIndex', 1)], group: [readGroup(party, groups), readGroup(floor, groups)],
    create: [create(party), create(floor), sc && create(sc)], add: [addMember(party, groups)], sorted: [firstSortedPage(party, 'index')],
  }
  for (const kind of which.split(',')) {
    const [mine, theirs, third] = kinds[kind]!
    for (const [name, p, next] of [['ours', party, mine], ['floor', floor, theirs], ['scimmy', sc, third]] as const) {
      if (!next) continue
      const pid = p.child.pid
      await p.load.run({ ms: 60000, most: name === 'scimmy' ? 100 : Number(n) / 3 }, next)
      const best: number[][] = []
      for (let i = 0; i < 3; i++) {
        const bs = (await backends())
        const pg0 = new Map(bs.map((b: any) => [b.pid, ticks(b.pid)]))
        const t0 = ticks(pid), w0 = performance.now()
        const most = name === 'scimmy' ? Number(n) / 10 : Number(n)
        await p.load.run({ ms: 60000, most }, next)
        const w = performance.now() - w0
        const node = ticks(pid) - t0
        let pgc = 0
        for (const [b, t] of pg0) { try { pgc += ticks(b) - t } catch {} }
        best.push([node / most, pgc / most, w / most])
      }
      best.sort((a, b) => a[0]! - b[0]!)
      console.log(kind, name, ...best.map((b) => `node ${b[0]!.toFixed(3)} pg ${b[1]!.toFixed(3)} wall ${b[2]!.toFixed(3)} |`), 'ms/req')
    }
    if (mode.includes('p')) console.log(await profileCall({ ...party.stage, next: mine }, 5000))
  }
  await db.end()
} finally { await end.now() }
