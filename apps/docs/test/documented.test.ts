/** What the check of the documentation comments finds, on a package made for it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Application } from 'typedoc'
import { expect, onTestFinished, test } from 'vitest'
import { undocumented } from '../generate/documented.mjs'

const source = `
/** A sentence. */
export interface Told { readonly n: number }
export interface Untold { readonly n: number }
/**
 * A sentence.
 *
 * @example
 * shown()
 */
export function shown(): void {}
/** A sentence. */
export function unshown(): void {}
/** A sentence. */
export const value = 1
export class Bare {}
`

test('an export without a sentence, a value without an example', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'documented-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of ['one', 'two']) writeFileSync(join(folder, `${name}.ts`), source)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ files: ['one.ts', 'two.ts'] }))
  const app = await Application.bootstrap({
    entryPoints: [join(folder, 'one.ts'), join(folder, 'two.ts')],
    tsconfig: join(folder, 'tsconfig.json'),
    logLevel: 'None',
  })
  const project = await app.convert()
  const faults = (module: string) => [
    `${module}: Bare has no documentation comment`,
    `${module}: Untold has no documentation comment`,
    `${module}: value has no @example`,
    `${module}: unshown has no @example`,
  ]
  expect(undocumented(project).toSorted()).toEqual([...faults('one'), ...faults('two')].toSorted())
})
