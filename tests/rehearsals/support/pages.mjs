// Pages that tell how to do something: the files that they show, and what they say comes out.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './outside.mjs'

/** A function that gives the file which `page` shows under a name, as in `` `index.js`: `` before a block. */
export function filesShown(page) {
  const text = readFileSync(join(root, page), 'utf8')
  return (file) => {
    const found = new RegExp(`\`${file}\`:\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)
    assert.ok(found, `${page} shows no ${file}`)
    return found[1]
  }
}

/** What `page` says that a command prints. */
export function outputShown(page, command) {
  const text = readFileSync(join(root, page), 'utf8')
  const start = text.indexOf(`\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`text\n`)
  assert.ok(start >= 0, `${page} does not show what ${command} prints`)
  return /```text\n([\s\S]*?)^```/m.exec(text.slice(start))[1]
}
