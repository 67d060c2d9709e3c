// The drawing of the layers in ARCHITECTURE.md, made from what the sources import. `--check` says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourcesIn } from './imports.mjs'
import { layers } from './layers.mjs'
import { membersOf, root } from './workspace.mjs'

const page = join(root, 'ARCHITECTURE.md')
const members = membersOf().filter(({ name }) => name !== 'docs')
const nodes = new Map(members.map((it) => [it.manifest.name, nodeOf(it)]))
const arrows = new Map()

for (const { folder, manifest } of members) {
  const node = nodes.get(manifest.name)
  const to = arrows.get(node) ?? new Set()
  arrows.set(node, to)
  for (const { imports } of sourcesIn(join(root, folder, 'src')))
    for (const target of imports.map((it) => nodes.get(it))) if (target && target !== node) to.add(target)
}

const rooms = ['apps', ...Object.keys(layers).toReversed()].flatMap((layer) => {
  const own = members.filter((it) => (it.layer ?? 'apps') === layer).map(({ manifest }) => manifest.name)
  const names = [...new Set(own.map((name) => nodes.get(name)))].toSorted(byText)
  return names.length === 0 ? [] : [`  subgraph ${layer}`, ...names.map((it) => `    ${it}`), '  end']
})
const lines = [...arrows].flatMap(([node, to]) => {
  const direct = [...to].filter((it) => ![...to].some((other) => other !== it && reaches(other, it)))
  return direct.map((target) => `  ${node} --> ${target}`)
})
const drawing = ['```mermaid', 'flowchart TD', ...rooms, ...lines.toSorted(byText), '```'].join('\n')
const before = readFileSync(page, 'utf8')
const after = before.replace(/```mermaid\n[\s\S]*?```/, drawing)
if (!process.argv.includes('--check')) writeFileSync(page, after)
else if (after === before) console.log('layers: the drawing in ARCHITECTURE.md is what the sources import')
else {
  console.error(
    'layers: the drawing in ARCHITECTURE.md is not what the sources import; run node scripts/draw-layers.mjs',
  )
  process.exit(1)
}

function byText(a, b) {
  return a < b ? -1 : 1
}

/** All families are one node: a new one changes nothing here. */
function nodeOf({ name, manifest }) {
  return manifest.checkpointSchedules ? 'families' : name
}

function reaches(from, to) {
  return [...(arrows.get(from) ?? [])].some((next) => next === to || reaches(next, to))
}
