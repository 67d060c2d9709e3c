/** The header of a .npy file: a Python dictionary with three keys; only its plain form is accepted. */

export interface NpyHeader {
  readonly type: 'float32' | 'float64'
  readonly shape: readonly number[]
}

const types: Readonly<Record<string, NpyHeader['type']>> = { '<f4': 'float32', '<f8': 'float64' }

/** One entry: `'descr': '<f8'`, `'fortran_order': False` or `'shape': (3, 4)`. */
const entry =
  /^\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(?:(['"])([^'"]{1,16})\3|(True|False)|\(([\d,\s]*)\))\s*(,|(?=\}))/

/** The parsed header, or a sentence that says why it is refused. */
export function parseNpyHeader(text: string): NpyHeader | string {
  const fields = readFields(text.trim())
  if (typeof fields === 'string') return fields
  const { descr, fortran, shape } = fields
  const type = Object.hasOwn(types, descr) ? types[descr] : undefined
  if (type === undefined) {
    return `expected little-endian float32 or float64 ('<f4' or '<f8'); got '${descr}'. Convert with astype('<f8')`
  }
  if (fortran) return 'expected C order; got Fortran order. Convert with numpy.ascontiguousarray'
  const size = shape.reduce((product, length) => product * length, 8)
  if (!shape.every(Number.isSafeInteger) || !Number.isSafeInteger(size)) {
    return `expected a shape that fits into memory; got (${shape.join(', ')})`
  }
  return { type, shape }
}

interface Fields {
  readonly descr: string
  readonly fortran: boolean
  readonly shape: readonly number[]
}

function readFields(text: string): Fields | string {
  const damaged =
    'expected a header with descr, fortran_order and shape; it is damaged, or its type has fields'
  if (!text.startsWith('{') || !text.endsWith('}')) return damaged
  let descr: string | undefined
  let fortran: boolean | undefined
  let shape: number[] | undefined
  let rest = text.slice(1)
  for (let match = entry.exec(rest); match !== null; match = entry.exec(rest)) {
    const [all, , key, , word, flag, lengths] = match
    if (key === 'descr' && descr === undefined) descr = word
    else if (key === 'fortran_order' && fortran === undefined)
      fortran = flag === undefined ? undefined : flag === 'True'
    else if (key === 'shape' && shape === undefined)
      shape = lengths === undefined ? undefined : parseShape(lengths)
    else return damaged
    rest = rest.slice(all.length)
  }
  if (rest.trim() !== '}' || descr === undefined || fortran === undefined || shape === undefined)
    return damaged
  return { descr, fortran, shape }
}

function parseShape(text: string): number[] | undefined {
  const lengths = text.split(',').map((part) => part.trim())
  if (lengths.at(-1) === '') lengths.pop() // (3,)
  return lengths.every((length) => /^\d{1,16}$/.test(length)) ? lengths.map(Number) : undefined
}
