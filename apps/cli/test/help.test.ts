import { expect, it } from 'vitest'
import { cli } from './support/cli.js'

it.concurrent.each([
  ['--help', /Commands:[\s\S]*Examples:/],
  ['help', /Commands:/],
  ['-h', /Commands:/],
  ['list -h', /--json/],
  ['run --help', /Models[\s\S]*wave2d[\s\S]*Schedules[\s\S]*two-level[\s\S]*Examples:/],
  [
    'run --model burgers1d --schedule multistage --help',
    /model burgers1d:[\s\S]*--viscosity[\s\S]*schedule multistage:[\s\S]*--ram, --snapshots-in-ram <n\|size>/,
  ],
  ['diagram --help', /Schedules:[\s\S]*multistage[\s\S]*Examples:/],
  ['help actions', /--format/],
  ['actions single-disk --help', /--move-data[\s\S]*--no-move-data/],
  ['--version', /^\d+\.\d+\.\d+\n$/],
])('%s', async (typed, text) => {
  const { code, stdout, stderr } = await cli(typed.split(' '))
  expect(stdout).toMatch(text)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
})

it('shows help where no command is given, as a mistake', async () => {
  const { code, stdout, stderr } = await cli([])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/Commands:[\s\S]*a command is missing/)
})
