/** The API reference, from the sources: a page for each package. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toKebabCase } from '@checkpoint-schedules/core'
import { Application } from 'typedoc'
import { load as markdown } from 'typedoc-plugin-markdown'
import { undocumented } from './documented.mjs'
import { packagesIn, root, target } from './places.mjs'

const out = join(target, 'api')

/** Writes `api/index.md` and `api/PACKAGE.md`. */
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

  for (const { name, manifest } of packages) {
    const file = join(out, `${name}.md`)
    const text = readFileSync(file, 'utf8')
      .replace(/^# .*$/m, `# ${manifest.name}\n\n${manifest.description}`)
      .replaceAll('__namedParameters', 'settings')
    writeFileSync(file, `---\noutline: [2, 3]\n---\n\n${withOptions(text)}`)
  }
  const entries = packages.map(
    ({ name, manifest }) => `- [\`${manifest.name}\`](./${name}.md): ${manifest.description}`,
  )
  writeFileSync(
    join(out, 'index.md'),
    `# API\n\nEvery export of every package, from the sources. The examples are run by the tests.\n\n${entries.join('\n')}\n`,
  )
}

/** The types of option descriptors are unreadable, so a link to the documented options replaces them. */
function withOptions(text) {
  return text.replace(/^```ts\nconst (\w+): (ScheduleFactory|Problem)<[\s\S]*?^```$/gm, (_, name, type) => {
    const told =
      type === 'ScheduleFactory'
        ? `Its [options](../../schedules/${toKebabCase(name)}.md#options) are on the schedule's page.`
        : `Its options: \`npx checkpoint-schedules run --model ${toKebabCase(name)} --help\`.`
    return `\`\`\`ts\nconst ${name}: ${type}\n\`\`\`\n\n${told}`
  })
}
