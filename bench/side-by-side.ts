import { create, filterByName, floor, ours, pages, readById, readGroup, scimmy } from './cases.js'
import { closing, floorParty, gatehouseParty, scimmyParty } from './parties.js'
import type { Bench } from './run.js'

/** Gatehouse beside its floor and beside scimmy at a thousand users: what reads first, since a create leaves more to read. */
export async function measureSideBySide({ server, sizes, run }: Bench): Promise<void> {
  const end = closing()
  try {
    let groups: string[] = []
    const party = await gatehouseParty(server, sizes.small, end, async (stage) => {
      groups = await stage.addGroups({ name: 'Half', count: 1, members: sizes.group })
    })
    const least = await floorParty(party.stage, end)
    const other = await scimmyParty(sizes.small, end)
    const contender = (name: string, { load }: typeof least, next: () => ReturnType<ReturnType<typeof create>>) => ({
      name,
      load,
      next,
    })

    await run({
      title: 'GET by id',
      contenders: [
        contender(ours, party, readById(party)),
        contender(floor, least, readById(least)),
        contender(scimmy, other, readById(other)),
      ],
      wanted: [
        { kind: 'rate', of: ours, factor: 0.6, than: floor },
        { kind: 'rate', of: ours, factor: 1.2, than: scimmy },
      ],
      profiled: { ...party.stage, next: readById(party) },
    })
    await run({
      title: 'filter by userName',
      contenders: [contender(ours, party, filterByName(party)), contender(scimmy, other, filterByName(other))],
      wanted: [{ kind: 'rate', of: ours, factor: 10, than: scimmy }],
      profiled: { ...party.stage, next: filterByName(party) },
    })
    await run({
      title: 'page of 100',
      contenders: [
        contender(ours, party, pages(party, 'startIndex', 1)),
        contender(floor, least, pages(least, 'offset', 0)),
        contender(scimmy, other, pages(other, 'startIndex', 1)),
      ],
      wanted: [
        { kind: 'rate', of: ours, factor: 0.5, than: floor },
        { kind: 'rate', of: ours, factor: 50, than: scimmy },
      ],
      profiled: { ...party.stage, next: pages(party, 'startIndex', 1) },
    })
    await run({
      title: `group of ${sizes.group} members`,
      contenders: [contender(ours, party, readGroup(party, groups)), contender(floor, least, readGroup(least, groups))],
      wanted: [{ kind: 'least', of: ours, least: 400, floor }],
      profiled: { ...party.stage, next: readGroup(party, groups) },
    })
    await run({
      title: 'create',
      contenders: [
        contender(ours, party, create(party)),
        contender(floor, least, create(least)),
        contender(scimmy, other, create(other)),
      ],
      wanted: [
        { kind: 'rate', of: ours, factor: 0.5, than: floor },
        { kind: 'rate', of: ours, factor: 1.5, than: scimmy },
      ],
      profiled: { ...party.stage, next: create(party) },
    })
  } finally {
    await end.now()
  }
}
