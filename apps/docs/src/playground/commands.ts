/** The same schedule as code and as a shell command. */
import { type OptionDescriptors, toKebabCase } from '@checkpoint-schedules/core'
import { textOf } from './texts.js'

interface Named {
  readonly command: string
  readonly exportName: string
  readonly packageName: string
  readonly online: boolean
  readonly descriptors: OptionDescriptors
}

/** TypeScript that makes the schedule and iterates over its actions. */
export function codeFor(
  { exportName, packageName, online }: Named,
  options: Readonly<Record<string, unknown>>,
  steps: number,
): string {
  const call = Object.keys(options).length === 0 ? '' : literal(options)
  return [
    `import { ${exportName} } from '${packageName}'`,
    '',
    `const schedule = ${exportName}(${call})`,
    online
      ? `for (const action of schedule.start({ steps: ${steps} })) {`
      : 'for (const action of schedule) {',
    '  console.log(action)',
    '}',
  ].join('\n')
}

/** The command that prints its actions. */
export function commandLineFor(
  { command, online, descriptors }: Named,
  options: Readonly<Record<string, unknown>>,
  steps: number,
): string {
  const flags = Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${toKebabCase(name)}`
    const { kind } = descriptors[name]!
    if (kind === 'costs') return costFlags(value as object)
    if (kind === 'boolean') return [value === true ? flag : `--no-${flag.slice(2)}`]
    if (kind === 'perStep' || kind === 'record') return [flag, textOf(value)]
    if (kind === 'list')
      return textOf(value)
        .split('\n')
        .flatMap((line) => [flag, line])
    return [flag, String(value)]
  })
  const all = [
    'checkpoint-schedules',
    'actions',
    command,
    ...(online ? ['--steps', String(steps)] : []),
    ...flags,
  ]
  return all.map(quoted).join(' ')
}

// { forwardStep: 1, write: { DISK: 2 } } as --forward-step 1 --write-disk 2
function costFlags(costs: object): string[] {
  return Object.entries(costs).flatMap(([name, value]) =>
    typeof value === 'object'
      ? Object.entries(value as object).flatMap(([storage, cost]) => [
          `--${name}-${storage.toLowerCase().replaceAll('_', '-')}`,
          String(cost),
        ])
      : [`--${toKebabCase(name)}`, String(value)],
  )
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** A value as TypeScript, on one line. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([key, it]) => `${key}: ${literal(it)}`)
    return `{ ${fields.join(', ')} }`
  }
  return typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'` : String(value)
}
