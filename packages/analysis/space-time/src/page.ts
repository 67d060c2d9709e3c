/** A standalone page that shows a recording: one file, which loads nothing else. */
import { type CostModelInput, formatAction, parseActions } from '@checkpoint-schedules/core'
import type { Across } from './axes.js'
import { actionAt, record, type Recording } from './recording.js'
import { escaped } from './svg.js'
import { mountViewer } from './viewer.js'

/** What the page says and holds. */
export interface PageSettings {
  readonly title: string
  readonly subtitle?: string | undefined
  /** By default time. */
  readonly across?: Across | undefined
  /** The costs that the recording was made with. */
  readonly costs?: CostModelInput | undefined
  /** A script that calls `startPage(document)`, bundled for browsers. */
  readonly script: string
}

interface PageData {
  readonly title: string
  readonly steps: number
  readonly across: Across | undefined
  readonly costs: CostModelInput | undefined
  readonly actions: string
}

const style = `
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 1200px; padding: 16px; font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; }
h1 { font-size: 21px; margin: 0; }
p.subtitle { margin: 0 0 10px; color: #595959; }
@media (prefers-color-scheme: dark) { body { color: #eee; background: #1b1b1f; } p.subtitle { color: #b4b4b4; } }
`

/**
 * The page as HTML. Its size is that of the script and about 30 bytes for each action.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { record, viewerPage } from '@checkpoint-schedules/space-time'
 *
 * const recording = record(multistage({ steps: 10, snapshotsInRam: 3 }))
 * const page = viewerPage(recording, { title: 'Multistage: 10 steps', script: 'startPage(document)' })
 * page.slice(0, 15) // '<!doctype html>'
 * ```
 */
export function viewerPage(recording: Recording, settings: PageSettings): string {
  const { title, subtitle = '', across, costs, script } = settings
  const actions = Array.from({ length: recording.length }, (_, i) => formatAction(actionAt(recording, i)))
  const data: PageData = { title, steps: recording.steps, across, costs, actions: actions.join('\n') }
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escaped(title)}</h1>`,
    `<p class="subtitle">${escaped(subtitle)}</p>`,
    '<div id="viewer"></div>',
    '</main>',
    // Inside a script element nothing is markup but its end.
    `<script type="application/json" id="recording">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`,
    `<script>${script.replaceAll('</script', '<\\/script')}</script>`,
    '</body>',
    '</html>\n',
  ].join('\n')
}

/**
 * Shows the recording that the page holds. Called by the page's own script.
 *
 * @example
 * ```ts
 * import { startPage } from '@checkpoint-schedules/space-time'
 *
 * const script = () => startPage(document)
 * typeof script // 'function'
 * ```
 */
export function startPage(page: Document): void {
  const { title, steps, across, costs, actions } = JSON.parse(
    page.getElementById('recording')!.textContent,
  ) as PageData
  const recording = record(parseActions(actions.split('\n')), { steps, costs })
  mountViewer(page.getElementById('viewer')!, recording, { label: title, across })
}
