// Each export is documented: a sentence for a type; for what a program calls or reads, an example too, which the tests run.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesIn, root } from './workspace.mjs'

const problems = []
let count = 0

for (const { folder } of packagesIn()) {
  const sources = join(root, folder, 'src')
  if (!existsSync(join(sources, 'index.ts'))) continue
  const index = readFileSync(join(sources, 'index.ts'), 'utf8')
  for (const [, type, names, file] of index.matchAll(/^export (type )?\{([^}]+)\} from '\.\/(.+)\.js'/gm)) {
    const source = readFileSync(join(sources, `${file}.ts`), 'utf8')
    for (const exported of names.split(',').map((it) => it.trim())) {
      if (exported === '') continue
      count += 1
      const fault = faultOf(source, exported, type !== undefined)
      if (fault !== undefined) problems.push(`${folder}/src/${file}.ts: ${exported} ${fault}`)
    }
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
console.log(`documentation: ${count} exports checked, no problems found`)

function faultOf(source, name, isType) {
  const declaration = new RegExp(
    `(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\s*)?^export (?:abstract |async )?(?:function\\*?|const|class|interface|type) ${name}\\b`,
    'm',
  ).exec(source)
  if (declaration === null) return 'is not declared where index.ts takes it from'
  const [, comment] = declaration
  if (comment === undefined) return 'has no documentation comment'
  return isType || comment.includes('@example') ? undefined : 'has no @example'
}
