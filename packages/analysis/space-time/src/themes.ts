/** The colours of pictures. */
import type { Ink } from './shapes.js'

/** Colours of inks. Storages beyond the last colour begin again; their dashes differ too. */
export interface Theme {
  readonly forward: string
  readonly tape: string
  readonly adjoint: string
  readonly text: string
  readonly muted: string
  readonly grid: string
  readonly background: string
  readonly storages: readonly string[]
}

/** The ground that a picture is for; `page` takes its colours from the page that it is put into. */
export type Ground = 'light' | 'dark' | 'page'

// Okabe and Ito's colours, which the colour-blind can distinguish; lighter ones on dark ground.
export const lightTheme: Theme = {
  forward: '#0072b2',
  tape: '#d55e00',
  adjoint: '#333333',
  text: '#222222',
  muted: '#595959',
  grid: '#e3e3e3',
  background: '#ffffff',
  storages: ['#008060', '#b07800', '#a8488a', '#3b7fa8'],
}

export const darkTheme: Theme = {
  forward: '#56b4e9',
  tape: '#ff8a3d',
  adjoint: '#eeeeee',
  text: '#eeeeee',
  muted: '#b4b4b4',
  grid: '#3a3a3d',
  background: '#1b1b1f',
  storages: ['#2fd0a2', '#f0b73a', '#e08fc6', '#8fc7ea'],
}

/** Without the page's variables it is light. */
const pageTheme = inVariables(lightTheme)

export function themeFor(ground: Ground): Theme {
  if (ground === 'page') return pageTheme
  return ground === 'dark' ? darkTheme : lightTheme
}

export function colourOf(theme: Theme, ink: Ink): string {
  if (!ink.startsWith('storage-')) return theme[ink as Exclude<Ink, `storage-${number}`>]
  return theme.storages[Number(ink.slice(8)) % theme.storages.length]!
}

/**
 * The colours of a ground as CSS declarations, for a page that shows pictures made for `page`.
 *
 * @example
 * ```ts
 * import { colourVariables } from '@checkpoint-schedules/space-time'
 *
 * const style = `.dark { ${colourVariables('dark')} }`
 * style.slice(0, 41) // '.dark { --space-time-forward: #56b4e9; --'
 * ```
 */
export function colourVariables(ground: Exclude<Ground, 'page'>): string {
  return Object.entries(namedColours(themeFor(ground)))
    .map(([name, colour]) => `--space-time-${name}: ${colour};`)
    .join(' ')
}

function namedColours({ storages, ...others }: Theme): Record<string, string> {
  return { ...others, ...Object.fromEntries(storages.map((colour, k) => [`storage-${k}`, colour])) }
}

function inVariables({ storages, ...others }: Theme): Theme {
  const named = Object.entries(others).map(([name, colour]) => [name, variable(name, colour)])
  return {
    ...(Object.fromEntries(named) as typeof others),
    storages: storages.map((colour, k) => variable(`storage-${k}`, colour)),
  }
}

function variable(name: string, colour: string): string {
  return `var(--space-time-${name}, ${colour})`
}
