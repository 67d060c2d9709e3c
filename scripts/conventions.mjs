// What every package must be like, checked automatically: the rules of its layer, no cycles, one shape of package.json, the same small
// configuration files, a README with the same skeleton.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { sourcesIn } from './imports.mjs'
import { layers } from './layers.mjs'
import { membersOf, packagesIn, root, scope } from './workspace.mjs'

const readmeHeadings = ['When to use it', 'Install', 'Use', 'API', 'Types', 'Compatibility', 'Contribute']
const shape = {
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=20.19' },
  publishConfig: { access: 'public' },
}
const packageShape = {
  ...shape,
  files: ['dist', 'src', 'CHANGELOG.md'],
  exports: {
    '.': { [`${scope}source`]: './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  scripts: {
    build: 'tsc -p tsconfig.build.json',
    test: 'vitest run --config ../../../vitest.config.ts',
  },
}

const problems = []
const complain = (where, what) => problems.push(`${where}: ${what}`)
const packages = packagesIn()
const layerOf = new Map(packages.map(({ manifest, layer }) => [manifest.name, layer]))

for (const it of packages) {
  const rule = layers[it.layer]
  if (rule === undefined) {
    complain(it.folder, `scripts/layers.mjs has no layer ${it.layer}; move the package, or add a row`)
    continue
  }
  checkName(it)
  checkShape(it, packageShape)
  checkDependencies(it, rule)
  checkFiles(it)
  checkImports(it, rule)
}
const graph = new Map(
  packages.map(({ manifest }) => [
    manifest.name,
    Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
  ]),
)
for (const name of graph.keys()) findCycle(name, [])
checkCommand()

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`conventions: ${packages.length} packages checked, no problems found`)

/** The command line is published too; it may depend on anything and builds in its own way. */
function checkCommand() {
  const command = membersOf().find(({ name }) => name === 'cli')
  checkShape(command, shape)
  checkReadme(command)
}

function checkName({ name, layer, folder }) {
  const short = basename(folder)
  if (name !== short && name !== `${layer}-${short}`)
    complain(folder, `package.json: name must be ${scope}${short} or ${scope}${layer}-${short}`)
}

function checkShape({ folder, manifest }, wanted) {
  for (const [key, value] of Object.entries(wanted)) {
    if (JSON.stringify(manifest[key]) !== JSON.stringify(value))
      complain(folder, `package.json: ${key} must be ${JSON.stringify(value)}`)
  }
  if (!manifest.description) complain(folder, 'package.json: description is missing')
}

function checkDependencies({ folder, layer, manifest }, rule) {
  for (const [dependency, version] of Object.entries(manifest.dependencies ?? {})) {
    if (dependency.startsWith(scope)) {
      if (!mayImport(layer, rule, dependency)) complain(folder, `must not depend on ${dependency}`)
      if (version !== 'workspace:^') complain(folder, `${dependency} must be workspace:^`)
    } else if (!mayHaveThirdParties(folder, rule))
      complain(folder, `must have no third-party dependency; has ${dependency}`)
  }
  if (layer !== 'schedules' && manifest.checkpointSchedules !== undefined)
    complain(folder, 'only a package in packages/schedules says checkpointSchedules')
}

function mayHaveThirdParties(folder, { thirdParties }) {
  return thirdParties === true || thirdParties.includes(basename(folder))
}

function mayImport(layer, { imports, siblings }, dependency) {
  const target = layerOf.get(dependency)
  if (target !== layer) return imports.includes(target)
  return siblings === undefined || siblings.includes(dependency.slice(scope.length))
}

function checkFiles(it) {
  const build = JSON.parse(readFileSync(join(root, it.folder, 'tsconfig.build.json'), 'utf8'))
  if (build.extends !== '../../../tsconfig.build.json')
    complain(it.folder, 'tsconfig.build.json must extend the one at the root')
  const tests = join(root, it.folder, 'test')
  if (!existsSync(tests) || !readdirSync(tests).some((name) => name.endsWith('.test.ts')))
    complain(
      it.folder,
      'has no test: its test command would fail. Write test/*.test.ts for what needs no other package',
    )
  checkReadme(it)
}

function checkReadme({ folder, manifest }) {
  const file = join(root, folder, 'README.md')
  if (!existsSync(file)) return complain(folder, 'README.md is missing')
  const readme = readFileSync(file, 'utf8')
  if (!readme.startsWith(`# ${manifest.name}\n`))
    complain(folder, `README.md must begin with # ${manifest.name}`)
  const headings = Array.from(readme.matchAll(/^## (.+)$/gm), ([, heading]) => heading)
  const missing = readmeHeadings.filter((heading) => !headings.some((it) => it.startsWith(heading)))
  if (missing.length > 0) complain(folder, `README.md: headings missing: ${missing.join(', ')}`)
}

function checkImports({ folder, layer, manifest }, rule) {
  const home = join(root, folder, 'src')
  for (const { file, code, imports } of sourcesIn(home)) {
    const where = relative(root, file)
    if (/^export (\*|default)/m.test(code)) complain(where, 'explicit named exports only')
    for (const specifier of imports) {
      if (specifier.startsWith('.')) {
        if (relative(home, join(dirname(file), specifier)).startsWith('..'))
          complain(where, `reaches out of its package: ${specifier}`)
      } else if (specifier.startsWith('node:')) {
        if (!rule.node.includes(basename(folder)))
          complain(where, `must work in browsers; imports ${specifier}`)
      } else if (specifier.startsWith(scope) && !mayImport(layer, rule, specifier)) {
        complain(where, `must not import ${specifier}; ${layer} may import ${told(rule)}`)
      } else if (!manifest.dependencies?.[specifier] && !manifest.peerDependencies?.[specifier]) {
        complain(where, `imports ${specifier}, which is no dependency`)
      }
    }
  }
}

function told({ imports, siblings }) {
  const own = siblings === undefined ? 'its own layer' : `of its own layer only ${siblings.join(', ')}`
  return [...imports, own].join(', ')
}

function findCycle(name, path) {
  if (path.includes(name)) {
    complain('cycle', [...path.slice(path.indexOf(name)), name].join(' → '))
    return
  }
  if (path.length > 20 || problems.some((it) => it.startsWith('cycle'))) return
  for (const next of graph.get(name) ?? []) if (graph.has(next)) findCycle(next, [...path, name])
}
