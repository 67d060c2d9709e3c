/** The viewer: the diagram with controls to play, step, scrub and zoom, by pointer and by keyboard, and a description in words. */
import { formatAction } from '@checkpoint-schedules/core'
import { actionAcross, type Across, edgeOf, type Extent } from './axes.js'
import { button, element } from './elements.js'
import { momentAt } from './moment.js'
import { Picture } from './picture.js'
import { actionAt, type Recording } from './recording.js'
import { addStyle } from './viewer-style.js'
import { whyAt } from './why.js'

/** How a viewer begins. */
export interface ViewerSettings {
  /** What the picture shows, for screen readers, such as `Revolve with 10 steps`. */
  readonly label: string
  /** By default time. */
  readonly across?: Across | undefined
  /** Of all viewers that this one is compared with. */
  readonly extent?: Extent | undefined
  /** The action to begin with. */
  readonly at?: number | undefined
  /** Called with the present action whenever it changes, and with what goes across. */
  readonly onMove?: (at: number, across: Across) => void
}

/** A viewer in a page. */
export interface Viewer {
  /** The present action. */
  readonly at: number
  moveTo(i: number): void
  /** Shows another recording from its first action on. */
  show(recording: Recording, label: string, extent?: Extent): void
  /** Takes the viewer out of the page. */
  remove(): void
}

const SLOWEST = 3 // actions a second on average, when playing
const LONGEST = 20 // seconds that playing all takes at most
const MOST_STEPS = 10 // steps named in the readout, by storage

/**
 * Puts a viewer into `host`.
 *
 * Needs a browser. The picture is drawn once for each view, for any number of actions; moving to another action costs a
 * line and a text.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { mountViewer, record } from '@checkpoint-schedules/space-time'
 *
 * function show(host: HTMLElement) {
 *   const recording = record(multistage({ steps: 10, snapshotsInRam: 3 }))
 *   return mountViewer(host, recording, { label: 'Multistage with 10 steps' })
 * }
 * typeof show // 'function'
 * ```
 */
export function mountViewer(host: HTMLElement, recording: Recording, settings: ViewerSettings): Viewer {
  addStyle()
  const { onMove } = settings
  let shown = recording
  let at = 0
  const picture = new Picture(recording, settings.across ?? 'time', settings.extent)
  const slider = element('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Action' })
  const readout = element('div', { class: 'readout', 'aria-live': 'polite' })
  const tip = element('div', { class: 'tip', hidden: true })
  picture.root.append(tip)

  const moveTo = (i: number) => {
    at = Math.max(0, Math.min(shown.length - 1, Math.round(i)))
    slider.value = String(at)
    slider.setAttribute('aria-valuetext', `action ${at + 1} of ${shown.length}`)
    picture.moveTo(at)
    readout.replaceChildren(...describe(shown, at))
    onMove?.(at, picture.across)
  }
  let place = 0 // across, of the present action or within it
  const player = playing((seconds) => {
    const end = edgeOf(shown, picture.across, shown.length)
    // The reader may have gone elsewhere.
    if (actionAcross(shown, picture.across, place) !== at) place = edgeOf(shown, picture.across, at)
    place += (seconds * end) / Math.min(LONGEST, shown.length / SLOWEST)
    const next = place < end ? actionAcross(shown, picture.across, place) : shown.length - 1
    if (next !== at) moveTo(next)
    return at < shown.length - 1
  })
  const playOrPause = () => {
    if (player.isOn) return player.stop()
    if (at === shown.length - 1) moveTo(0)
    player.start()
  }
  const play = button('▶', 'Play', playOrPause)
  player.onChange = (isOn) => {
    play.textContent = isOn ? 'II' : '▶'
    play.setAttribute('aria-label', isOn ? 'Pause' : 'Play')
    play.title = isOn ? 'Pause' : 'Play'
    readout.setAttribute('aria-live', isOn ? 'off' : 'polite')
  }
  const across = element(
    'select',
    { 'aria-label': 'Across' },
    element('option', { value: 'time' }, 'time across'),
    element('option', { value: 'actions' }, 'actions across'),
  )
  across.value = picture.across
  across.addEventListener('change', () => {
    picture.across = across.value as Across
    moveTo(at)
  })
  slider.addEventListener('input', () => moveTo(Number(slider.value)))
  const root = element(
    'div',
    { class: 'space-time' },
    picture.root,
    element(
      'div',
      { class: 'controls' },
      button('|◀', 'First action', () => moveTo(0)),
      button('‹', 'Back one action', () => moveTo(at - 1)),
      play,
      button('›', 'Forward one action', () => moveTo(at + 1)),
      button('▶|', 'Last action', () => moveTo(shown.length - 1)),
      slider,
      button('−', 'Zoom out', () => picture.zoom(0.5)),
      button('+', 'Zoom in', () => picture.zoom(2)),
      button('All', 'Show all', () => picture.showAll()),
      across,
    ),
    readout,
  )
  host.append(root)
  listen(
    picture,
    moveTo,
    playOrPause,
    () => at,
    (i, x, y) => showTip(tip, picture, shown, i, x, y),
  )
  // The size and the colours of the page around it may change.
  const resized = new ResizeObserver(() => picture.draw())
  resized.observe(picture.root)
  const restyled = new MutationObserver(() => picture.draw())
  restyled.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'style'] })
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const redraw = () => picture.draw()
  scheme.addEventListener('change', redraw)

  const begin = (label: string, first: number) => {
    slider.max = String(shown.length - 1)
    picture.canvas.setAttribute(
      'aria-label',
      `${label}: space-time diagram of ${shown.length} actions. The slider below moves through them; here arrow keys step, Space plays, plus and minus zoom.`,
    )
    moveTo(first)
  }
  picture.draw()
  begin(settings.label, settings.at ?? 0)
  return {
    get at() {
      return at
    },
    moveTo,
    show(next, label, extent) {
      player.stop()
      shown = next
      picture.show(next, extent)
      begin(label, 0)
    },
    remove() {
      player.stop()
      resized.disconnect()
      restyled.disconnect()
      scheme.removeEventListener('change', redraw)
      root.remove()
    },
  }
}

/** The present action, why it is there, and how things stand. */
function describe(recording: Recording, at: number): Node[] {
  const { forwardSteps, adjointSteps, time, held } = momentAt(recording, at)
  const kept = Object.entries(held).map(([storage, ranges]) => `${storage} ${stepsText(ranges)}`)
  return [
    element(
      'p',
      {},
      `Action ${(at + 1).toLocaleString('en-US')} of ${recording.length.toLocaleString('en-US')}: `,
      element('code', {}, formatAction(actionAt(recording, at))),
    ),
    element('p', {}, whyAt(recording, at)),
    element(
      'p',
      {},
      `So far ${forwardSteps.toLocaleString('en-US')} forward and ${adjointSteps.toLocaleString('en-US')} adjoint steps, ` +
        `time ${time.toLocaleString('en-US')}.`,
    ),
    element('p', {}, kept.length === 0 ? 'Nothing is held.' : `Held, by step: ${kept.join('; ')}.`),
  ]
}

function stepsText(ranges: readonly (readonly [number, number])[]): string {
  if (ranges.length === 0) return 'nothing'
  const named = ranges
    .slice(0, MOST_STEPS)
    .map(([from, to]) => (to - from > 1 ? `${from} to ${to - 1}` : `${from}`))
  const rest = ranges.length - named.length
  return rest > 0 ? `${named.join(', ')} and ${rest.toLocaleString('en-US')} more` : named.join(', ')
}

function showTip(
  tip: HTMLElement,
  picture: Picture,
  recording: Recording,
  i: number | undefined,
  x: number,
  y: number,
): void {
  tip.hidden = i === undefined
  if (i === undefined) return
  tip.textContent = `${i + 1}. ${whyAt(recording, i)}`
  const { clientWidth } = picture.root
  tip.style.left = `${Math.max(0, Math.min(x + 14, clientWidth - tip.offsetWidth - 4))}px`
  tip.style.top = `${y + 16}px`
}

/** Pointer and keyboard on the picture. */
function listen(
  picture: Picture,
  moveTo: (i: number) => void,
  playOrPause: () => void,
  at: () => number,
  hover: (i: number | undefined, x: number, y: number) => void,
): void {
  const { canvas } = picture
  let dragged: { x: number; y: number } | undefined
  canvas.addEventListener('pointerdown', ({ offsetX: x, offsetY: y, pointerId }) => {
    dragged = { x, y }
    canvas.setPointerCapture(pointerId)
    const i = picture.actionAt(x, y)
    if (i !== undefined) moveTo(i)
  })
  canvas.addEventListener('pointermove', ({ offsetX: x, offsetY: y }) => {
    const i = picture.actionAt(x, y)
    if (dragged === undefined) return hover(i, x, y)
    hover(undefined, x, y)
    // A drag scrubs; if only a part is in view, it moves that part.
    if (!picture.isWhole) {
      picture.pan(dragged.x - x, dragged.y - y)
      dragged = { x, y }
    } else if (i !== undefined) moveTo(i)
  })
  for (const type of ['pointerup', 'pointercancel'] as const)
    canvas.addEventListener(type, () => (dragged = undefined))
  canvas.addEventListener('pointerleave', () => hover(undefined, 0, 0))
  canvas.addEventListener(
    'wheel',
    (event) => {
      // The wheel alone scrolls the page; with Ctrl, and by pinching, it zooms.
      if (!event.ctrlKey) return
      event.preventDefault()
      const i = picture.actionAt(event.offsetX, event.offsetY)
      if (i !== undefined) picture.zoom(2 ** (-event.deltaY / 200), i)
    },
    { passive: false },
  )
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => moveTo(at() - 1),
    ArrowRight: () => moveTo(at() + 1),
    PageUp: () => moveTo(at() - 10),
    PageDown: () => moveTo(at() + 10),
    Home: () => moveTo(0),
    End: () => moveTo(Infinity),
    ' ': playOrPause,
    '+': () => picture.zoom(2),
    '-': () => picture.zoom(0.5),
    '0': () => picture.showAll(),
  }
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return
    event.preventDefault()
    keys[event.key]!()
  })
}

/** A clock that calls `advance` with the seconds that have passed, until there is no more. */
function playing(advance: (seconds: number) => boolean) {
  let frame: number | undefined
  const player = {
    onChange: (_isOn: boolean) => {},
    get isOn() {
      return frame !== undefined
    },
    stop() {
      if (frame === undefined) return
      cancelAnimationFrame(frame)
      frame = undefined
      player.onChange(false)
    },
    start() {
      let before = performance.now()
      const tick = (now: number) => {
        const isMore = advance(Math.max(0, now - before) / 1000)
        before = now
        if (!isMore) return player.stop()
        frame = requestAnimationFrame(tick)
      }
      frame = requestAnimationFrame(tick)
      player.onChange(true)
    },
  }
  return player
}
