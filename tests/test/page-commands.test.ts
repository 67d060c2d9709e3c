/** The commands that the site's pages show are run, and what they show below is all that is printed, stderr included. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { pages, pageText } from './support/snippets.js'

const program = fileURLToPath(new URL('../../apps/cli/bin/checkpoint-schedules.js', import.meta.url))

const shown = pages.flatMap((page) =>
  Array.from(pageText(page).matchAll(/^```text\n(\$ [\s\S]*?)^```$/gm), ([, block]) => ({
    page,
    block: block!,
    commands: Array.from(block!.matchAll(/^\$ ((?:.*\\\n)*.+)$/gm), ([, command]) => command!),
  })),
)

test('there are some', () => expect(shown.length).toBeGreaterThan(2))

test.each(shown)('$page: $commands', ({ block, commands }) => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  const npx = `npx() { shift; "${process.execPath}" "${program}" "$@"; }`
  try {
    const printed = commands.map((command) => {
      const output = execFileSync('sh', ['-c', `${npx}; { ${command}; } 2>&1`], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1' },
        encoding: 'utf8',
      })
      return `$ ${command}\n${output}`
    })
    expect(printed.join('')).toBe(block)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
