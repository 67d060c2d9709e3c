/** The pages that are made from other things: the API from the sources, the commands from the program, the changelog from the packages. */
import { mkdirSync, rmSync } from 'node:fs'
import { writeApi } from './api.mjs'
import { writeChangelog } from './changelog.mjs'
import { writeCommandLine } from './command-line.mjs'
import { writePictures } from './pictures.mjs'
import { target } from './places.mjs'

rmSync(target, { recursive: true, force: true })
mkdirSync(target)
await writeCommandLine()
await writeApi()
writeChangelog()
writePictures()
