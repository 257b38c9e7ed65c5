import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readTree } from './support/source-tree.js'

/** What is installed, from the two files that decide it: package.json and package-lock.json (security.md, supply chain). */

type Manifest = {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  scripts?: Record<string, string>
}
type Locked = {
  version?: string
  integrity?: string
  resolved?: string
  link?: boolean
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  hasInstallScript?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}
type Floor = { package: string; floors: string[]; why: string }

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('package.json')) as Manifest
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
const { '': root, ...others } = lock.packages
const installed = Object.entries(others)
const floors = JSON.parse(read('test/golden/dependency-floors.json')) as Floor[]

/** Whether a package is found from another's place, in its own node_modules or in one above. */
function isLocked(name: string, from: string): boolean {
  const above = from.split('/node_modules/').map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'))
  return ['', ...above.map((path) => `${path}/`)].some((prefix) => `${prefix}node_modules/${name}` in lock.packages)
}

const numbers = (version: string): number[] => version.split(/[.-]/).slice(0, 3).map(Number)

function isAtLeast(version: string, floor: string): boolean {
  const [own, least] = [numbers(version), numbers(floor)]
  const at = own.findIndex((part, index) => part !== least[index])
  return at < 0 || (own[at] ?? 0) > (least[at] ?? 0)
}

/** A release line ends where compatibility may: the major number, or the minor one below 1.0. */
const lineOf = (version: string): string => {
  const [major = 0, minor = 0] = numbers(version)
  return major === 0 ? `0.${minor}` : String(major)
}

/** Whether a version has the repair: in its own line where that has one of its own, else by the newest floor. */
function isRepaired(version: string, repaired: readonly string[]): boolean {
  const inLine = repaired.find((floor) => lineOf(floor) === lineOf(version))
  return isAtLeast(version, inLine ?? repaired.at(-1) ?? '')
}

describe('the supply chain', () => {
  it('SEC-SUP-2 pins every dependency exactly', () => {
    const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    assert.deepEqual(
      all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
      [],
    )
  })

  it('SEC-SUP-2 has a lock file that agrees with the manifest', () => {
    assert.deepEqual(root?.dependencies, manifest.dependencies)
    assert.deepEqual(root?.devDependencies, manifest.devDependencies)
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name)
    }
  })

  it('SEC-SUP-2 locks every package that a locked one names, those for other platforms too, so that npm ci agrees', () => {
    const missing = installed.flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !isLocked(name, path))
        .map((name) => `${path} needs ${name}`),
    )
    assert.deepEqual(missing, [])
  })

  it('SEC-SUP-2 knows the content of every package by a SHA-512, and no host to fetch it from', () => {
    assert.ok(installed.length > 100)
    const unknown = installed.filter(([, entry]) => entry.link || !/^sha512-[\w+/]{86}==$/.test(entry.integrity ?? ''))
    // Tools of developers for platforms that no server and no CI of ours runs on.
    const elsewhere = unknown.filter(([, { dev, optional, os = [], cpu = [], libc = [] }]) => {
      const ours = os.includes('linux') && (cpu.includes('x64') || cpu.includes('arm64')) && !libc.includes('musl')
      return dev && optional && os.length > 0 && cpu.length > 0 && !ours
    })
    assert.deepEqual(
      unknown.map(([path]) => path),
      elsewhere.map(([path]) => path),
    )
    assert.deepEqual(
      installed.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path),
      [],
    )
  })

  it('SEC-SUP-2 has no package in production that runs a script when it is installed', () => {
    const production = installed.filter(([, entry]) => !entry.dev)
    assert.ok(production.length >= Object.keys(manifest.dependencies).length)
    assert.deepEqual(
      production.filter(([, entry]) => entry.hasInstallScript).map(([path]) => path),
      [],
    )
  })

  it('SEC-SUP-2 runs no scripts of packages or of its own at install, and pins what is added later', () => {
    const settings = read('.npmrc').split('\n')
    assert.ok(settings.includes('ignore-scripts=true'))
    assert.ok(settings.includes('save-exact=true'))
    assert.ok(settings.some((line) => /^min-release-age=[1-9]/.test(line)))
    assert.ok(!settings.some((line) => /^(\S+:)?registry\b|_auth|token/i.test(line)))
    const atInstall = ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => manifest.scripts?.[name])
    assert.deepEqual(atInstall, [])
  })

  it('SEC-SUP-2 has no package older than the repair of a known hole', () => {
    const old = floors.flatMap((floor) =>
      installed
        .filter(([path]) => path.endsWith(`node_modules/${floor.package}`))
        .filter(([, entry]) => !isRepaired(entry.version ?? '', floor.floors))
        .map(([path, entry]) => `${path} ${entry.version} is older than ${floor.floors.join(' or ')}: ${floor.why}`),
    )
    assert.deepEqual(old, [])
    const checked = floors.filter((floor) => lock.packages[`node_modules/${floor.package}`])
    assert.ok(checked.length >= 8, 'the list of floors names almost nothing that is installed')
  })

  it('compares versions as releases, not as texts, and line by line', () => {
    const floor = ['0.8.15', '0.9.12']
    assert.deepEqual(
      ['0.8.9', '0.8.15', '0.8.16', '0.9.2', '0.9.12', '0.10.0', '1.0.0', '0.7.13'].map((version) => isRepaired(version, floor)),
      [false, true, true, false, true, true, true, false],
    )
    assert.deepEqual(
      ['2.2.9', '2.3.0', '10.0.0', '1.20.4'].map((version) => isRepaired(version, ['2.3.0'])),
      [false, true, true, false],
    )
  })

  it('SEC-SUP-2 lets scim-patch be reached through scim/patch.ts alone', () => {
    const users = readTree('src').filter((file) => file.imports.some((use) => use.from.startsWith('scim-patch')))
    assert.deepEqual(
      users.map((file) => file.path),
      ['src/scim/patch.ts'],
    )
  })

  it('brings every package that the server imports as a dependency of its own, and none that it does not', () => {
    const imported = readTree('src', 'migrations', 'seeds').flatMap((file) => file.imports.filter((use) => !use.typesOnly))
    const names = imported
      .map((use) => use.from)
      .filter((from) => !/^(\.|node:)/.test(from))
      .map((from) =>
        from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/'),
      )
    assert.deepEqual([...new Set(names)].sort(), Object.keys(manifest.dependencies).sort())
  })
})
