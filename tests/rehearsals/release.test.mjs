// A release, rehearsed: every package goes to a registry on this machine, and an empty project installs from it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { emptyDirectory, root, run, scope, tarballs, writeFiles } from './support/outside.mjs'

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

await test('outside the release workflow nothing is published', async () => {
  const env = { GITHUB_REPOSITORY: undefined, GITHUB_SERVER_URL: undefined }
  const { stderr } = await run(process.execPath, ['scripts/release.mjs'], root, { env, status: 2 })
  assert.match(stderr, /by the release workflow only/)
  const { stderr: unknown } = await run(process.execPath, ['scripts/release.mjs', '--now'], root, {
    status: 2,
  })
  assert.match(unknown, /--now.*It takes --dry-run/s)
})

await test('the release workflow gets a patch while there are changesets, then tarballs', async (t) => {
  const folder = emptyDirectory(t)
  const clone = join(folder, 'clone')
  await run('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  const git = (...args) => run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], clone)
  const env = { GITHUB_SERVER_URL: 'https://github.example', GITHUB_REPOSITORY: 'someone/schedules' }
  const prepared = async (name) => {
    const to = join(folder, name)
    await run(process.execPath, ['scripts/release.mjs', '--prepare', to], clone, { env })
    return { to, files: readdirSync(to) }
  }
  writeFiles(clone, { '.changeset/rehearsed.md': `---\n'${scope}core': minor\n---\n\nA rehearsal.\n` })
  await git('add', '.changeset')
  await git('commit', '--quiet', '--message', 'a changeset')
  const version = await prepared('version')
  assert.deepEqual(version.files, ['version.patch'])
  await git('apply', '--index', join(version.to, 'version.patch'))
  await git('commit', '--quiet', '--message', 'versions')
  assert.match(readFileSync(join(clone, 'packages/contract/core/CHANGELOG.md'), 'utf8'), /A rehearsal\./)

  const { to, files } = await prepared('publish')
  assert.equal(files.length, tarballs().size)
  for (const file of files) {
    const { stdout } = await run('tar', ['-xOf', join(to, file), 'package/package.json'])
    const { name, repository } = JSON.parse(stdout)
    assert.ok(tarballs().has(name))
    assert.equal(repository.url, 'git+https://github.example/someone/schedules.git')
  }
})

await test('publish everything, install one', async (t) => {
  const all = tarballs()
  const folder = emptyDirectory(t)
  const port = await freePort()
  const registry = `http://127.0.0.1:${port}/`
  writeFiles(folder, {
    // node-fetch: verdaccio 6 asks for a tag that newer registries do not serve
    'package.json': JSON.stringify({
      private: true,
      dependencies: { verdaccio: '6.8.0' },
      overrides: { 'node-fetch': '2.7.0' },
    }),
    'config.yaml': `storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
packages: { '${scope}*': { access: $all, publish: $anonymous } }
log: { type: stdout, level: error }
`,
    // No upstream is configured: what is not published here is not found.
    'project/package.json': JSON.stringify({ name: 'empty', private: true, type: 'module' }),
    'project/.npmrc': `${scope.slice(0, -1)}:registry=${registry}\n`,
    'publisher.npmrc': `registry=${registry}\n//127.0.0.1:${port}/:_authToken=anyone\n`,
  })
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], folder)
  const server = spawn(
    process.execPath,
    ['node_modules/verdaccio/bin/verdaccio', '--listen', `127.0.0.1:${port}`, '--config', 'config.yaml'],
    { cwd: folder, stdio: 'ignore' },
  )
  t.after(async () => {
    if (server.exitCode !== null) return
    server.kill()
    await once(server, 'exit')
  })
  await answers(`${registry}-/ping`, server)

  const versions = new Map()
  for (const [name, path] of all) {
    // Named on the command line: no setting of the machine can send it anywhere else.
    const here = ['--registry', registry, '--userconfig', join(folder, 'publisher.npmrc')]
    await run('npm', ['publish', path, '--access', 'public', '--loglevel=error', ...here], folder)
    const { 'dist-tags': tags } = await (await fetch(`${registry}${name.replace('/', '%2f')}`)).json()
    versions.set(name, tags.latest)
  }
  assert.equal(versions.size, all.size)

  const project = join(folder, 'project')
  await run('npm', ['install', `${scope}revolve`, '--no-audit', '--no-fund', '--loglevel=error'], project)
  const installed = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')).packages
  assert.deepEqual(
    Object.keys(installed).filter(Boolean).toSorted(),
    ['binomial', 'core', 'revolve'].map((name) => `node_modules/${scope}${name}`),
  )
  for (const name of ['binomial', 'core', 'revolve']) {
    assert.equal(installed[`node_modules/${scope}${name}`].version, versions.get(scope + name))
  }
  writeFiles(project, {
    'run.js': `import { revolve } from '${scope}revolve'\nconsole.log([...revolve({ steps: 10, snapshotsInRam: 2 })].length)\n`,
  })
  assert.match((await run(process.execPath, ['run.js'], project)).stdout, /^\d+\n$/)
})

async function answers(url, server) {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`the registry ended with ${server.exitCode}`)
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    await sleep(150)
  }
  throw new Error(`the registry at ${url} does not answer`)
}
