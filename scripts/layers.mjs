// The drawing of the layers in ARCHITECTURE.md, made from what the sources import. `--check` says whether it is up to date.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'ARCHITECTURE.md')
const scope = '@checkpoint-schedules/'
const arrows = new Map()

for (const folder of [...membersOf('packages'), 'apps/cli']) {
  const node = nodeOf(folder)
  const to = arrows.get(node) ?? new Set()
  arrows.set(node, to)
  const sources = join(root, folder, 'src')
  for (const file of readdirSync(sources, { recursive: true }).filter((it) => it.endsWith('.ts'))) {
    const code = readFileSync(join(sources, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    for (const [, name] of code.matchAll(/(?:from|import) '@checkpoint-schedules\/([\w-]+)'/g)) {
      const target = nodeOf(`packages/${name}`)
      if (target !== node) to.add(target)
    }
  }
}

const lines = [...arrows].flatMap(([node, to]) => {
  const direct = [...to].filter((it) => ![...to].some((other) => other !== it && reaches(other, it)))
  return direct.map((target) => `  ${node} --> ${target}`)
})
const drawing = `\`\`\`mermaid\nflowchart TD\n${lines.toSorted((a, b) => (a < b ? -1 : 1)).join('\n')}\n\`\`\``
const before = readFileSync(page, 'utf8')
const after = before.replace(/```mermaid\n[\s\S]*?```/, drawing)
if (process.argv.includes('--check')) {
  if (after === before) console.log('layers: the drawing in ARCHITECTURE.md is what the sources import')
  else {
    console.error(
      'layers: the drawing in ARCHITECTURE.md is not what the sources import; run node scripts/layers.mjs',
    )
    process.exit(1)
  }
} else writeFileSync(page, after)

/** All families are one node: a new one changes nothing here. */
function nodeOf(folder) {
  const { name, checkpointSchedules } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  return checkpointSchedules ? 'families' : name.slice(scope.length)
}

function reaches(from, to) {
  return [...(arrows.get(from) ?? [])].some((next) => next === to || reaches(next, to))
}

function membersOf(parent) {
  return readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
}
