// What every package must be like, checked by machine: layers, no cycles, one shape of package.json, the same small
// configuration files, a README with the same skeleton.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const scope = '@checkpoint-schedules/'
const family = ['core', 'binomial']

// Which packages the sources of a package may import. A package that is not named here is a schedule family.
const layers = {
  core: [],
  binomial: [],
  simulator: ['core'],
  'space-time': ['core'],
  driver: ['core', 'simulator'],
  'gradient-checks': ['core', 'driver'],
  'storage-fs': ['core', 'driver'],
  testkit: ['core', 'simulator', 'driver'],
  models: ['core', 'driver'],
}
const pureOfThirdParties = (name) =>
  !(name in layers) || ['core', 'binomial', 'simulator', 'space-time'].includes(name)
const readmeHeadings = ['When to use it', 'Install', 'Use', 'API', 'Types', 'Compatibility', 'Contribute']

const familyScripts = {
  build: 'tsc -p tsconfig.build.json',
  test: 'vitest run --config ../../vitest.config.ts',
}

const problems = []
const complain = (where, what) => problems.push(`${where}: ${what}`)
const read = (file) => readFileSync(file, 'utf8')
const packagesIn = (parent) =>
  existsSync(join(root, parent))
    ? readdirSync(join(root, parent)).filter((name) => existsSync(join(root, parent, name, 'package.json')))
    : []

const graph = new Map()
for (const name of packagesIn('packages')) {
  const folder = join(root, 'packages', name)
  const manifest = JSON.parse(read(join(folder, 'package.json')))
  const allowed = (layers[name] ?? family).map((it) => scope + it)
  checkManifest(name, manifest, allowed)
  checkFiles(name, folder, manifest)
  checkImports(name, folder, manifest, allowed)
  graph.set(manifest.name, Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))
}
for (const name of graph.keys()) findCycle(name, [])
checkCommand()

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`conventions: ${graph.size} packages, no complaint`)

/** The command line is published too; it may depend on anything and builds in its own way. */
function checkCommand() {
  const folder = join(root, 'apps/cli')
  const manifest = JSON.parse(read(join(folder, 'package.json')))
  const { test } = familyScripts
  checkShape('cli', manifest, commonShape('cli'))
  if (manifest.scripts.test !== test)
    complain('cli', `package.json: scripts.test must be ${JSON.stringify(test)}`)
  for (const file of ['dist', 'src', 'CHANGELOG.md'])
    if (!manifest.files.includes(file)) complain('cli', `package.json: files must have ${file}`)
  checkReadme('cli', folder, manifest)
}

function commonShape(name) {
  return {
    name: scope + name,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    publishConfig: { access: 'public' },
  }
}

function checkShape(name, manifest, shape) {
  for (const [key, value] of Object.entries(shape)) {
    if (JSON.stringify(manifest[key]) !== JSON.stringify(value))
      complain(name, `package.json: ${key} must be ${JSON.stringify(value)}`)
  }
  if (!manifest.description) complain(name, 'package.json: description is missing')
}

function checkManifest(name, manifest, allowed) {
  const shape = {
    ...commonShape(name),
    files: ['dist', 'src', 'CHANGELOG.md'],
    exports: {
      '.': { [`${scope}source`]: './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    scripts: familyScripts,
  }
  checkShape(name, manifest, shape)
  for (const [dependency, version] of Object.entries(manifest.dependencies ?? {})) {
    if (dependency.startsWith(scope)) {
      if (!allowed.includes(dependency)) complain(name, `must not depend on ${dependency}`)
      if (version !== 'workspace:^') complain(name, `${dependency} must be workspace:^`)
    } else if (pureOfThirdParties(name))
      complain(name, `must have no third-party dependency; has ${dependency}`)
  }
  const declared = name in layers ? undefined : true
  if (manifest.checkpointSchedules !== declared) {
    complain(
      name,
      declared
        ? 'a schedule family says "checkpointSchedules": true'
        : 'only a schedule family says checkpointSchedules',
    )
  }
}

function checkFiles(name, folder, manifest) {
  const build = JSON.parse(read(join(folder, 'tsconfig.build.json')))
  if (build.extends !== '../../tsconfig.build.json')
    complain(name, 'tsconfig.build.json must extend the one at the root')
  const tags = JSON.parse(read(join(folder, 'turbo.json'))).tags
  const tag = name in layers ? name : 'family'
  if (tags?.length !== 1 || tags[0] !== tag) complain(name, `turbo.json: tags must be ["${tag}"]`)
  checkReadme(name, folder, manifest)
}

function checkReadme(name, folder, manifest) {
  if (!existsSync(join(folder, 'README.md'))) return complain(name, 'README.md is missing')
  const readme = read(join(folder, 'README.md'))
  if (!readme.startsWith(`# ${manifest.name}\n`))
    complain(name, `README.md must begin with # ${manifest.name}`)
  const headings = [...readme.matchAll(/^## (.+)$/gm)].map((match) => match[1])
  const missing = readmeHeadings.filter((heading) => !headings.some((it) => it.startsWith(heading)))
  if (missing.length > 0) complain(name, `README.md: headings missing: ${missing.join(', ')}`)
}

function checkImports(name, folder, manifest, allowed) {
  for (const file of filesIn(join(folder, 'src'))) {
    const where = relative(root, file)
    const source = read(file).replace(/\/\*[\s\S]*?\*\//g, '')
    if (/^export (\*|default)/m.test(source)) complain(where, 'explicit named exports only')
    for (const [, specifier] of source.matchAll(
      /(?:^(?:import|export)\s[\w\s{},*$]*?from\s+|^import\s+|\bimport\(\s*)'([^']+)'/gm,
    )) {
      if (specifier.startsWith('.')) {
        const target = join(dirname(file), specifier)
        if (!target.startsWith(join(folder, 'src')))
          complain(where, `reaches out of its package: ${specifier}`)
      } else if (specifier.startsWith(scope)) {
        if (!allowed.includes(specifier))
          complain(where, `must not import ${specifier}; it may import ${allowed.join(', ') || 'nothing'}`)
        else if (!manifest.dependencies?.[specifier])
          complain(where, `imports ${specifier}, which is no dependency`)
      } else if (specifier.startsWith('node:')) {
        if (name !== 'storage-fs') complain(where, `must work in browsers; imports ${specifier}`)
      } else if (!manifest.dependencies?.[specifier] && !manifest.peerDependencies?.[specifier]) {
        complain(where, `imports ${specifier}, which is no dependency`)
      }
    }
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
}

function findCycle(name, path) {
  if (path.includes(name)) {
    complain('cycle', [...path.slice(path.indexOf(name)), name].join(' → '))
    return
  }
  if (path.length > 20 || problems.some((it) => it.startsWith('cycle'))) return
  for (const next of graph.get(name) ?? []) if (graph.has(next)) findCycle(next, [...path, name])
}
