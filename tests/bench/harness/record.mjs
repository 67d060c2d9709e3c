// The figures of a run, kept in a file to compare a later run with.
import { readFileSync, writeFileSync } from 'node:fs'

const FORMAT = 'checkpoint-schedules bench 1'

export function writeRecord(file, record) {
  writeFileSync(file, `${JSON.stringify({ format: FORMAT, ...record })}\n`)
}

/** @throws A sentence, if the file cannot be read or is something else. */
export function readRecord(file) {
  let record
  try {
    record = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`--against ${file}: it cannot be read (${error.message}).`, { cause: error })
  }
  if (record?.format !== FORMAT)
    throw new Error(`--against ${file}: this is not a record of this bench. Write one with --json ${file}.`)
  return record
}
