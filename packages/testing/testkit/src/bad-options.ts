/** Options that every schedule must refuse, made from its descriptors. */
import type { OptionDescriptor, OptionDescriptors } from '@checkpoint-schedules/core'

/** A value that an option must refuse, and how a message must show it. */
export interface BadOption {
  readonly name: string
  readonly value: unknown
  readonly shown: string
}

/** Bad values for each option. */
export function badOptions(descriptors: OptionDescriptors): BadOption[] {
  return Object.entries(descriptors).flatMap(([name, descriptor]) =>
    badValues(descriptor).map(([value, shown]) => ({ name, value, shown })),
  )
}

function badValues(descriptor: OptionDescriptor): [unknown, string][] {
  const wrongType: [unknown, string][] = [
    [null, 'null'],
    [() => 1, 'a function'],
    [Symbol('x'), 'a symbol'],
  ]
  switch (descriptor.kind) {
    case 'integer':
      return [
        ...wrongType,
        [descriptor.min - 1, String(descriptor.min - 1)],
        [descriptor.min + 0.5, String(descriptor.min + 0.5)],
        [Number.NaN, 'NaN'],
        [Infinity, 'Infinity'],
        [2 ** 53, '9007199254740992'],
        ['10', '"10"'],
      ]
    case 'number':
      return [
        ...wrongType.slice(descriptor.unlimited ? 1 : 0), // null is no limit
        [Number.NaN, 'NaN'],
        [Infinity, 'Infinity'],
        ['1', '"1"'],
      ]
    case 'boolean':
      return [...wrongType, ['yes', '"yes"'], [1, '1']]
    case 'choice':
      return [...wrongType, ['no such choice', '"no such choice"'], [0, '0']]
    case 'storage':
      return [...wrongType, ['NONE', '"NONE"'], ['not a name', '"not a name"'], [1, '1']]
    case 'costs':
      return [
        ...wrongType,
        [{ forwardStep: -1 }, '-1'],
        [{ adjointStep: Number.NaN }, 'NaN'],
        [{ forwardStep: Infinity }, 'Infinity'],
        [{ forward: 1 }, '"forward"'],
      ]
    case 'perStep':
      return [
        [null, 'null'],
        [Symbol('x'), 'a symbol'],
        ['1', '"1"'],
        [descriptor.min - 1, String(descriptor.min - 1)],
        [Number.NaN, 'NaN'],
        [new Float64Array(), 'an array of 0'],
        [() => Infinity, 'Infinity'],
      ]
    case 'list':
    case 'record':
    case 'array':
      return [...wrongType, [1, '1']]
  }
}
