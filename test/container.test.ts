import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { healthPage } from '../src/http/health.js'
import { loadConfig, settings } from '../src/platform/config.js'

/** No engine runs here, so the Dockerfile and compose.yaml are read: whatever they name must exist, and what they promise must be said. */

type Instruction = { readonly name: string; readonly rest: string }
type Stage = { readonly name: string; readonly base: string; readonly steps: readonly Instruction[] }
type Service = {
  image?: string
  build?: string
  environment: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  volumes?: string[]
  ports?: string[]
  read_only?: boolean
  tmpfs?: string[]
  cap_drop?: string[]
  security_opt?: string[]
  stop_grace_period?: string
}

const root = new URL('../', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8')
const exists = (name: string): boolean => existsSync(new URL(name, root))

function readStages(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
  const instructions = lines.filter((line) => line.trim()).map((line) => /^(\w+)\s+(.*)$/.exec(line.trim()))
  const stages: { name: string; base: string; steps: Instruction[] }[] = []
  for (const match of instructions) {
    const [, name = '', rest = ''] = match ?? []
    const [, base = '', as = ''] = name === 'FROM' ? (/^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? []) : []
    if (name === 'FROM') stages.push({ name: as, base, steps: [] })
    else stages.at(-1)?.steps.push({ name, rest })
  }
  return stages
}

const stages = readStages(read('Dockerfile'))
const final = stages.at(-1) ?? { name: '', base: '', steps: [] }
const all = stages.flatMap((stage) => stage.steps)
const compose = parse(read('compose.yaml')) as { services: Record<string, Service>; volumes: Record<string, unknown> }
const { postgres, gatehouse } = compose.services
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string>; bin?: Record<string, string> }
const compiler = JSON.parse(read('tsconfig.build.json')) as {
  compilerOptions: { outDir: string; rootDir: string }
  include: string[]
}

const valuesOf = (steps: readonly Instruction[], name: string): string[] =>
  steps.filter((step) => step.name === name).map((step) => step.rest)

function environmentOf(steps: readonly Instruction[]): Record<string, string> {
  const pairs = valuesOf(steps, 'ENV').flatMap((line) => line.split(/\s+/).map((pair) => pair.split('=')))
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]))
}

/** The source that a compiled file comes from. */
const sourceOf = (compiled: string): string => compiled.replace(/^dist\//, '').replace(/\.js$/, '.ts')

const ignored = (() => {
  const lines = read('.dockerignore').split('\n')
  assert.ok(lines.includes('*'))
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  return (path: string) => !kept.includes(path)
})()

describe('the image', () => {
  it('copies only what exists and what .dockerignore lets through', () => {
    const copied = valuesOf(all, 'COPY').filter((rest) => !rest.startsWith('--from'))
    const paths = copied.flatMap((rest) => rest.split(/\s+/).slice(0, -1)).map((path) => path.replace(/\/$/, ''))
    assert.ok(paths.length >= 8)
    assert.deepEqual(
      paths.filter((path) => !exists(path) || ignored(path)),
      [],
    )
  })

  it('copies from its own stages what they make: the packages of production and the compiled code', () => {
    const copied = valuesOf(final.steps, 'COPY').filter((rest) => rest.startsWith('--from'))
    assert.deepEqual(copied, ['--from=packages /app/node_modules ./node_modules', '--from=build /app/dist ./dist'])
    assert.ok(copied.every((rest) => stages.some((stage) => stage.name === /^--from=(\w+)/.exec(rest)?.[1])))
    assert.equal(compiler.compilerOptions.outDir, 'dist')
    assert.equal(compiler.compilerOptions.rootDir, '.')
    assert.deepEqual(
      compiler.include.filter((folder) => !valuesOf(all, 'COPY').includes(`${folder} ./${folder}`)),
      [],
    )
  })

  it('runs only scripts that package.json has', () => {
    const scripts = valuesOf(all, 'RUN').flatMap((line) =>
      [...line.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? ''),
    )
    assert.deepEqual(scripts, ['build'])
    assert.ok(scripts.every((script) => manifest.scripts[script]))
  })

  it('starts a file that the build makes from a source that exists', () => {
    const [command] = valuesOf(final.steps, 'CMD')
    const [program, file = ''] = JSON.parse(command ?? '[]') as string[]
    assert.equal(program, 'node')
    assert.ok(exists(sourceOf(file)), file)
    for (const bin of Object.values(manifest.bin ?? {})) assert.ok(exists(sourceOf(bin)), bin)
  })

  it('SEC-SUP-4 runs as a user that is not root and has a number, so that an orchestrator can check it', () => {
    assert.match(valuesOf(final.steps, 'USER').at(-1) ?? '', /^[1-9]\d{3,}:[1-9]\d{3,}$/)
    const order = final.steps.map((step) => step.name)
    assert.ok(order.lastIndexOf('USER') > order.lastIndexOf('RUN'))
  })

  it('SEC-SUP-4 holds no package of developers, and none runs a script when it is installed', () => {
    const installs = stages.map((stage) => valuesOf(stage.steps, 'RUN').filter((line) => /npm (ci|i|install)\b/.test(line)))
    assert.deepEqual(installs.flat(), ['npm ci --ignore-scripts', 'npm ci --omit=dev --ignore-scripts'])
    assert.deepEqual(valuesOf(stages.find((stage) => stage.name === 'packages')?.steps ?? [], 'RUN'), installs[1])
    assert.deepEqual(installs.at(-1), [])
  })

  it('SEC-SUP-4 leaves the history, data, settings and tests of a checkout outside', () => {
    for (const path of ['.git', '.env', 'data', 'node_modules', 'test', 'dist']) assert.ok(ignored(path), path)
  })

  it('SEC-SUP-4 sets no setting but known ones, never demo mode and no secret', () => {
    const environment = environmentOf(final.steps)
    assert.deepEqual(
      Object.keys(environment).filter((name) => !(name in settings.shape)),
      [],
    )
    const config = loadConfig(environment)
    assert.equal(config.demo, false)
    assert.equal(config.NODE_ENV, 'production')
    assert.ok(!Object.keys(environment).some((name) => /PASSWORD|TOKEN|SECRET|KEY|URL/.test(name)))
  })

  it('SEC-SUP-4 writes to one directory of its own, which is a volume', () => {
    const { DATA_DIR } = environmentOf(final.steps)
    assert.deepEqual(valuesOf(final.steps, 'VOLUME'), [DATA_DIR])
    assert.ok(valuesOf(final.steps, 'RUN').some((line) => line.includes(`-o 10001 -g 10001 ${DATA_DIR}`)))
  })

  it('asks for its health a page that the server has, on the port that it exposes', () => {
    const [check = ''] = valuesOf(final.steps, 'HEALTHCHECK')
    const path = /'(\/[\w/]+)'/.exec(check)?.[1] ?? ''
    const nothing = async () => assert.fail('the health page was only to be found')
    const found = healthPage(
      {
        schemaState: nothing,
        stopping: () => false,
        metrics: { contentType: '', render: nothing },
        log: { warn: () => {} },
      },
      path,
    )
    assert.ok(found, `${path} is no page`)
    assert.ok(path.endsWith('/live'), 'a database outage must not restart the process')
    assert.deepEqual(valuesOf(final.steps, 'EXPOSE'), [environmentOf(final.steps).PORT])
  })

  it('SEC-SUP-1 stands on a line of Node.js that is supported, the same in every stage', () => {
    for (const { base } of stages) assert.match(base, /^node:(22|24)-slim$/)
    assert.equal(new Set(stages.map((stage) => stage.base)).size, 1)
  })
})

describe('compose.yaml', () => {
  it('runs the image from this directory after a PostgreSQL that answers and keeps its data', () => {
    assert.equal(gatehouse?.build, '.')
    assert.match(postgres?.image ?? '', /^postgres:\d+/)
    assert.deepEqual(gatehouse?.depends_on, { postgres: { condition: 'service_healthy' } })
    assert.ok(postgres?.healthcheck?.test.some((word) => word === 'pg_isready'))
    const [volume = ''] = postgres?.volumes ?? []
    assert.ok((volume.split(':')[0] ?? '') in compose.volumes)
  })

  it('names the database that it starts, and settings that exist', () => {
    const { DATABASE_URL = '', ...others } = gatehouse?.environment ?? {}
    const { POSTGRES_USER, POSTGRES_DB } = postgres?.environment ?? {}
    assert.ok(DATABASE_URL.startsWith(`postgres://${POSTGRES_USER}:$`))
    assert.ok(DATABASE_URL.endsWith(`@postgres:5432/${POSTGRES_DB}`))
    assert.deepEqual(
      Object.keys(others).filter((name) => !(name in settings.shape)),
      [],
    )
    assert.ok('PUBLIC_URL' in others)
  })

  it('SEC-SUP-4 has no secret of its own: it refuses to start until one is chosen', () => {
    const secrets = Object.values(compose.services)
      .flatMap((service) => Object.entries(service.environment))
      .filter(([name]) => /PASSWORD|SECRET|TOKEN|DATABASE_URL/.test(name))
    assert.equal(secrets.length, 2)
    for (const [name, value] of secrets) assert.match(value, /\$\{POSTGRES_PASSWORD:\?[^}]+\}/, name)
  })

  it('SEC-SUP-4 gives the server a read-only root, no capabilities and no way to gain any', () => {
    assert.equal(gatehouse?.read_only, true)
    assert.deepEqual(gatehouse?.tmpfs, ['/tmp'])
    assert.deepEqual(gatehouse?.cap_drop, ['ALL'])
    assert.deepEqual(gatehouse?.security_opt, ['no-new-privileges:true'])
  })

  it('opens the port of the image to this machine only, and the database to nobody', () => {
    assert.deepEqual(gatehouse?.ports, [`127.0.0.1:3000:${valuesOf(final.steps, 'EXPOSE')[0]}`])
    assert.equal(postgres?.ports, undefined)
  })

  it('waits longer than the server may take to finish what is in flight', () => {
    const seconds = Number(/^(\d+)s$/.exec(gatehouse?.stop_grace_period ?? '')?.[1])
    assert.ok(seconds * 1000 > loadConfig({}).SHUTDOWN_GRACE_MS)
  })
})
