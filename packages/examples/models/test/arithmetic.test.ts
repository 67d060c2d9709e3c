import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const source = join(import.meta.dirname, '../src')

it('sources use only what gives the same bits in every engine', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  expect(files.length).toBeGreaterThan(10)
  for (const file of files) {
    const code = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')
    expect({ file, found: code.match(/Math\.(?!sqrt\b|imul\b|floor\b|ceil\b|round\b)\w+/g) }).toEqual({
      file,
      found: null,
    })
    expect({ file, power: /\*\*/.test(code), renamed: /[=(,]\s*Math\b(?!\.)/.test(code) }).toEqual({
      file,
      power: false,
      renamed: false,
    })
  }
})
