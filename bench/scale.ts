import { addMember, filterByName, firstSortedPage, mixed, type Paging, totalAlone } from './cases.js'
import { shown } from './judge.js'
import { closing, type GatehouseParty, gatehouseParty } from './parties.js'
import type { Bench } from './run.js'

/** What size costs: the same call at a thousand, ten thousand and a million users, and the memory of a server over the million. */

const count = (value: number): string => value.toLocaleString('en')

async function pagingOf(party: GatehouseParty): Promise<Paging> {
  const { body } = await party.load.send({ method: 'GET', path: `${party.base}/ServiceProviderConfig` })
  return (JSON.parse(body) as { pagination?: { cursor?: boolean } }).pagination?.cursor ? 'cursor' : 'index'
}

async function residentMb(party: GatehouseParty): Promise<number> {
  const { body } = await party.single.send({ method: 'GET', path: '/metrics' })
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(body)?.[1]) / 2 ** 20
}

const memoryLimitMb = 300

/** The most memory the server was seen to hold while it was busy, in MiB. */
async function peakMemory(party: GatehouseParty, { sizes }: Bench): Promise<number> {
  let peak = await residentMb(party)
  const watch = setInterval(async () => {
    peak = Math.max(peak, await residentMb(party).catch(() => 0))
  }, 500)
  try {
    await party.load.run(sizes.memory, mixed(party))
  } finally {
    clearInterval(watch)
  }
  return peak
}

export async function measureScale(bench: Bench): Promise<void> {
  const { server, sizes, run, note } = bench
  const end = closing()
  try {
    const small = await gatehouseParty(server, sizes.small, end)
    const medium = await gatehouseParty(server, sizes.medium, end)
    let crowd: string[] = []
    let tens: string[] = []
    const large = await gatehouseParty(server, sizes.large, end, async (stage) => {
      crowd = await stage.addGroups({ name: 'Crowd', count: 1, members: sizes.largeGroup })
      tens = await stage.addGroups({ name: 'Ten', count: sizes.tens, members: 10 })
    })
    const at = ({ users }: GatehouseParty) => `at ${count(users)}`

    await run({
      title: `filter by userName at ${count(sizes.large)} users`,
      contenders: [small, large].map((party) => ({ name: at(party), load: party.load, next: filterByName(party) })),
      wanted: [{ kind: 'cost', of: at(large), factor: 1.3, than: at(small) }],
      profiled: { ...large.stage, next: filterByName(large) },
    })

    const paging = await pagingOf(large)
    await run({
      title: `first page of a filtered, sorted list at ${count(sizes.large)} users (${paging})`,
      contenders: [medium, large].map((party) => ({ name: at(party), load: party.load, next: firstSortedPage(party, paging) })),
      // The total of an index page is a count of all that match, which no index makes cheap; it is shown by itself.
      wanted: paging === 'cursor' ? [{ kind: 'cost', of: at(large), factor: 2, than: at(medium) }] : [],
      profiled: { ...large.stage, next: firstSortedPage(large, paging) },
    })
    await run({
      title: `totalResults alone at ${count(sizes.large)} users`,
      contenders: [medium, large].map((party) => ({ name: at(party), load: party.load, next: totalAlone(party) })),
      wanted: [],
    })

    const newcomers = { ...large, people: await large.stage.lastPeople(sizes.largeGroup) }
    const group = (members: number) => `group of ${count(members)}`
    await run({
      title: `adding a member to a group of ${count(sizes.largeGroup)}`,
      contenders: [
        { name: group(10), load: large.single, next: addMember(newcomers, tens) },
        { name: group(sizes.largeGroup), load: large.single, next: addMember(newcomers, crowd) },
      ],
      wanted: [{ kind: 'cost', of: group(sizes.largeGroup), factor: 1.3, than: group(10) }],
      profiled: { ...large.stage, next: addMember(newcomers, crowd) },
    })

    const peak = await peakMemory(large, bench)
    note({
      title: `memory under load at ${count(sizes.large)} users`,
      rates: [],
      verdicts: [{ wanted: `RSS ≤ ${memoryLimitMb} MiB`, found: `${shown(peak)} MiB`, passed: peak <= memoryLimitMb }],
    })
  } finally {
    await end.now()
  }
}
