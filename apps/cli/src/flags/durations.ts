/** Times as people type them: `10ms`, `1.5 s`, `2min`. */
const units: Readonly<Record<string, number>> = { us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600 }

/** For messages. */
export const durationForms = 'a time such as 250us, 10ms, 1.5s, 2min or 1h'

/** The seconds in `text`; `undefined` if it is not a time. */
export function parseDuration(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?) ?([a-zµ]+)$/i.exec(text.trim())
  const unit = units[parts?.[2]?.toLowerCase() ?? '']
  return unit === undefined ? undefined : Number(parts![1]) * unit
}
