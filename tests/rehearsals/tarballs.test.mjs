// What is in the tarballs: only what users need, as the tools for package authors want it, and no larger than recorded.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { publicTypes } from './support/public-types.mjs'
import { emptyDirectory, outsideProject, root, run, scope, tarballs, tool } from './support/outside.mjs'

const all = tarballs()
const records = join(root, 'tests/rehearsals/records')
const record = join(records, 'bundle-bytes.json')
const short = (name) => name.slice(scope.length)

for (const [name, path] of all) {
  await test(`${name}: what is in it`, async (t) => {
    const folder = emptyDirectory(t)
    await run('tar', ['-xzf', path, '-C', folder])
    const content = join(folder, 'package')
    const allowed = ['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json', 'dist', 'src']
    if (name === `${scope}cli`) allowed.push('bin', 'completion')
    assert.deepEqual(readdirSync(content).toSorted(), allowed.toSorted())
    const manifest = JSON.parse(readFileSync(join(content, 'package.json'), 'utf8'))
    assert.doesNotMatch(JSON.stringify(manifest.dependencies ?? {}), /workspace:/)

    const files = readdirSync(join(content, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(js|ts)$/.test(file),
    )
    assert.ok(files.length > 0)
    for (const file of files) {
      const text = readFileSync(join(content, 'dist', file), 'utf8')
      const mapFile = /\/\/# sourceMappingURL=(\S+)/.exec(text)?.[1]
      assert.ok(mapFile, `${file} has no source map`)
      const map = join(content, 'dist', dirname(file), mapFile)
      for (const source of JSON.parse(readFileSync(map, 'utf8')).sources)
        assert.ok(
          existsSync(join(dirname(map), source)),
          `${file}: its source ${source} is not in the package`,
        )
    }
    if (short(name) !== 'cli') {
      const types = publicTypes(join(content, 'dist'))
      const recordedTypes = join(records, `types/${short(name)}.txt`)
      if (process.env['UPDATE'] === '1') writeFileSync(recordedTypes, types)
      // A new package has none yet; those that are there change only when it is meant.
      if (existsSync(recordedTypes))
        assert.equal(
          types,
          readFileSync(recordedTypes, 'utf8'),
          'its types have changed; if this is meant: UPDATE=1 pnpm rehearse tarballs',
        )
    }
    await run(tool('publint'), ['run', '--strict', path])
    await run(tool('attw'), ['--profile', 'esm-only', path])
  })
}

await test('the bytes that each package brings to a page, minified and compressed', async (t) => {
  const browsable = [...all.keys()]
    .map(short)
    .filter((name) => !['cli', 'jobs', 'storage-fs', 'terminal-progress', 'testkit'].includes(name))
  const folder = await outsideProject(t, { packages: browsable })
  const whole = (...names) => names.map((it) => `export * from '${scope}${it}'`).join('\n')
  const some = (exports) =>
    Object.entries(exports)
      .map(([name, it]) => `export { ${it} } from '${scope}${name}'`)
      .join('\n')
  const run = { driver: 'runAdjoint', multistage: 'multistage' }
  const common = [
    { name: 'core + revolve', contents: whole('core', 'revolve'), bound: 17_800 },
    { name: 'runAdjoint + multistage', contents: some(run), bound: 35_000 },
    {
      name: 'runAdjoint + multistage + bestStore + bestJournal',
      contents: some({ ...run, 'storage-browser': 'bestStore, bestJournal' }),
      bound: 50_000,
    },
  ]
  const bytes = {}
  for (const { name, contents } of [
    ...browsable.map((it) => ({ name: it, contents: whole(it) })),
    ...common,
  ]) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    })
    bytes[name] = gzipSync(outputFiles[0].contents, { level: 9 }).length
  }
  if (process.env['UPDATE'] === '1') writeFileSync(record, `${JSON.stringify(bytes, null, 2)}\n`)
  t.diagnostic(JSON.stringify(bytes))
  for (const { name, bound } of common)
    assert.ok(bytes[name] < bound, `${name} have ${bytes[name]} bytes; the bound is ${bound}`)
  const recorded = JSON.parse(readFileSync(record, 'utf8'))
  for (const [name, size] of Object.entries(bytes)) {
    const bound = Math.ceil((recorded[name] ?? 12_000) * 1.05)
    assert.ok(
      size <= bound,
      `${name} has ${size} bytes; ${bound} are allowed. If it must grow: UPDATE=1 pnpm rehearse tarballs`,
    )
  }
})
