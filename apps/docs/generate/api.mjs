/** The API reference, from the sources: a page for each package, and pages by topic for the large ones. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { toKebabCase } from '@checkpoint-schedules/core'
import { Application } from 'typedoc'
import { load as markdown } from 'typedoc-plugin-markdown'
import { entriesOf } from './api-entries.mjs'
import { pagesOf } from './api-pages.mjs'
import { ranks } from './api-ranks.mjs'
import { undocumented } from './documented.mjs'
import { packagesIn, root, target } from './places.mjs'

const out = join(target, 'api')

/** Writes `api/index.md`, `api/PACKAGE.md`, and `api/PACKAGE/TOPIC.md`. */
export async function writeApi() {
  const packages = packagesIn()
  const app = await Application.bootstrapWithPlugins({
    plugin: [markdown],
    entryPoints: packages.map(({ folder }) => join(root, folder, 'src/index.ts')),
    tsconfig: join(root, 'apps/docs/generate/tsconfig.json'),
    name: 'API',
    readme: 'none',
    out,
    logLevel: 'Warn',
    disableSources: true,
    excludeExternals: true,
    groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases'],
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    tableColumnSettings: { hideModifiers: true, leftAlignHeaders: true },
  })
  const project = await app.convert()
  if (project === undefined || app.logger.hasErrors())
    throw new Error('TypeDoc did not understand the sources.')
  const faults = undocumented(project)
  if (faults.length > 0) throw new Error(`These exports are not documented:\n${faults.join('\n')}`)
  // TypeDoc names them by their folders, `runtime/driver/src`; pages use the name on npm.
  const names = new Map(packages.map(({ folder, name }) => [folder.slice('packages/'.length), name]))
  for (const module of project.children ?? []) module.name = names.get(module.name.replace('/src', ''))
  await app.generateOutputs(project)

  const files = sourceFiles(project)
  const rankOf = ranks()
  const made = packages.map(({ name, manifest }) => {
    const page = readFileSync(join(out, `${name}.md`), 'utf8').replaceAll('__namedParameters', 'settings')
    rmSync(join(out, `${name}.md`))
    return pagesOf({
      name,
      title: `# ${manifest.name}\n\n${manifest.description}`,
      ...entriesOf(withOptions(page)),
      fileOf: (it) => posix.relative('src', files.get(`${name} ${it}`)),
      rankOf,
    })
  })
  const places = new Map(packages.map(({ name }, k) => [`${name}.md`, made[k].places]))
  for (const [k, { pages }] of made.entries())
    for (const { path, text } of pages) {
      const file = join(out, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(
        file,
        `---\noutline: [2, 3]\n---\n\n${linked(text, path, `${packages[k].name}.md`, places)}\n`,
      )
    }
  writeFileSync(join(out, 'index.md'), indexOf(packages))
}

/** What a reader is likely to look for first, by the folders of the packages. */
const layers = {
  runtime: 'Run a model',
  schedules: 'Schedules',
  storage: 'Stores and journals',
  autodiff: 'Automatic differentiation, and ready steps',
  analysis: 'Choose, count and draw',
  contract: 'What schedules, models and stores are',
  testing: 'Test your own',
  examples: 'Example problems',
}

function indexOf(packages) {
  const known = Object.keys(layers)
  const layerOf = ({ folder }) => folder.split('/')[1]
  const found = [...new Set(packages.map(layerOf))]
  const sections = [...known, ...found.filter((it) => !known.includes(it))].flatMap((layer) => {
    const own = packages.filter((it) => layerOf(it) === layer)
    if (own.length === 0) return []
    const rows = own.map(
      ({ name, manifest }) => `- [\`${manifest.name}\`](./${name}.md): ${manifest.description}`,
    )
    return [`## ${layers[layer] ?? layer}`, rows.join('\n')]
  })
  return [
    '# API',
    'Every export of every package, from the sources. The examples are run by the tests.',
    ...sections,
    '',
  ].join('\n\n')
}

/** The source file of each export, by the name of its package and its own. */
function sourceFiles(project) {
  const entries = (project.children ?? []).flatMap((module) =>
    (module.children ?? []).map((it) => {
      const reflection = it.isReference() ? it.getTargetReflectionDeep() : it
      return [`${module.name} ${it.name}`, project.getSymbolIdFromReflection(reflection)?.packagePath ?? '']
    }),
  )
  return new Map(entries)
}

/** Turns links of the page that TypeDoc made, `own`, into links from `path` to where things have gone. */
function linked(text, path, own, places) {
  const link = (target) => {
    const [page, id] = target.split('#')
    const from = page === '' ? own : page
    if (id === undefined || !places.has(from)) return target
    const to = places.get(from).get(id)
    if (to === undefined) throw new Error(`The API's links lead to ${from}#${id}, and nothing is there.`)
    return to.path === path ? `#${to.id}` : `${posix.relative(posix.dirname(path), to.path)}#${to.id}`
  }
  return text.replace(/\]\((?!\.)((?:[\w-]+\.md)?#[\w-]+)\)/g, (_, target) => `](${link(target)})`)
}

/** The types of option descriptors are unreadable, so a link to the documented options replaces them. */
function withOptions(text) {
  return text.replace(/^```ts\nconst (\w+): (ScheduleFactory|Problem)<[\s\S]*?^```$/gm, (_, name, type) => {
    const told =
      type === 'ScheduleFactory'
        ? `Its [options](/schedules/${toKebabCase(name)}.md#options) are on the schedule's page.`
        : `Its options: \`npx checkpoint-schedules run --model ${toKebabCase(name)} --help\`.`
    return `\`\`\`ts\nconst ${name}: ${type}\n\`\`\`\n\n${told}`
  })
}
