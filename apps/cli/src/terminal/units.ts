/** Numbers formatted for people. Data for programs stay plain. */
export { showDuration } from '@checkpoint-schedules/terminal-progress'

/** `1,234,567` */
export function showCount(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 step`, `12,000 steps`. */
export function showCounted(count: number, noun: string): string {
  return `${showCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** `640 B`, `1.2 MB`, in powers of 1000. */
export function showBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** Six significant digits, `4.97211e-6` if plain digits would be mostly zeros. */
export function showValue(value: number): string {
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size === 0) return String(value)
  const rounded = Number(value.toPrecision(6))
  return size < 1e-3 || size >= 1e9 ? rounded.toExponential() : String(rounded)
}
