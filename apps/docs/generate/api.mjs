/** The API reference, from the sources: a page for each package. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Application } from 'typedoc'
import { load as markdown } from 'typedoc-plugin-markdown'
import { manifestOf, root, target } from './places.mjs'

const out = join(target, 'api')

/** Writes `api/index.md` and `api/PACKAGE.md`. */
export async function writeApi() {
  const packages = readdirSync(join(root, 'packages'))
  const app = await Application.bootstrapWithPlugins({
    plugin: [markdown],
    entryPoints: packages.map((name) => join(root, 'packages', name, 'src/index.ts')),
    tsconfig: join(root, 'apps/docs/generate/tsconfig.json'),
    name: 'API',
    readme: 'none',
    out,
    logLevel: 'Warn',
    disableSources: true,
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
  // They are called by their folders, `driver/src`.
  for (const module of project.children ?? []) module.name = module.name.replace('/src', '')
  await app.generateOutputs(project)

  for (const name of packages) {
    const { name: fullName, description } = manifestOf(name)
    const file = join(out, `${name}.md`)
    const text = readFileSync(file, 'utf8').replace(/^# .*$/m, `# ${fullName}\n\n${description}`)
    writeFileSync(file, `---\noutline: [2, 3]\n---\n\n${text}`)
  }
  const entries = packages.map((name) => {
    const { name: fullName, description } = manifestOf(name)
    return `- [\`${fullName}\`](./${name}.md): ${description}`
  })
  writeFileSync(
    join(out, 'index.md'),
    `# API\n\nEvery export of every package, from the sources. The examples are run by the tests.\n\n${entries.join('\n')}\n`,
  )
}
