/** The picture of the first screen: a run of a schedule, played once, with what it holds beside what storing everything would. */
import { computed, defineComponent, h, onBeforeUnmount, onMounted, ref } from 'vue'
import { data } from './home.data.js'

const SECONDS = 8

export const LivePicture = defineComponent({
  name: 'LivePicture',
  setup() {
    const { svg, steps, states, forward, adjoint, held } = data.live
    /** How much of the run is shown. The page as it is built, and without motion, shows all of it. */
    const part = ref(1)
    const isPlaying = ref(false)
    let frame = 0
    const stop = () => {
      cancelAnimationFrame(frame)
      isPlaying.value = false
      part.value = 1
    }
    const play = () => {
      const begin = performance.now()
      isPlaying.value = true
      const tick = (now: number) => {
        part.value = Math.max(0, now - begin) / 1000 / SECONDS
        if (part.value >= 1) return stop()
        frame = requestAnimationFrame(tick)
      }
      tick(begin)
    }
    onMounted(() => {
      if (matchMedia('(prefers-reduced-motion: no-preference)').matches) play()
    })
    onBeforeUnmount(() => cancelAnimationFrame(frame))

    const moment = computed(() => {
      const k = Math.round(part.value * (held.length - 1))
      return { forward: forward[k]!, adjoint: adjoint[k]!, held: held[k]! }
    })
    // Storing everything takes one forward and one adjoint, in the same time for a step.
    const all = computed(() => Math.min(steps, Math.round(part.value * (forward.at(-1)! + adjoint.at(-1)!))))
    return () =>
      h('figure', { class: 'live-picture' }, [
        h('div', { class: 'diagram' }, [
          h('div', { innerHTML: svg }),
          label('start', 'step 0'),
          label('end', `step ${number(steps)}`),
          label('forward', 'forward'),
          label('kept', 'a state stored in memory'),
          label('again', 'recomputed'),
          label('adjoint', 'adjoint, backwards'),
          label('time', 'time →'),
          isPlaying.value
            ? h('div', { class: 'future', style: { left: `${100 * part.value}%` }, 'aria-hidden': true })
            : undefined,
        ]),
        h('div', { class: 'memory' }, [
          h('p', { class: 'question' }, 'States stored, at most'),
          bar('Storing all', all.value, steps, 'all'),
          bar('Revolve', moment.value.held, steps, 'few'),
          h(
            'p',
            { class: 'counts' },
            `${number(moment.value.forward)} forward, ${number(moment.value.adjoint)} adjoint steps`,
          ),
        ]),
        h('figcaption', [
          h(
            'a',
            { href: `playground.html?schedule=revolve&steps=${steps}&snapshotsInRam=${states}` },
            'Step through it in the playground',
          ),
          h(
            'button',
            { type: 'button', onClick: () => (isPlaying.value ? stop() : play()) },
            isPlaying.value ? 'Stop' : 'Play',
          ),
        ]),
      ])
  },
})

const number = (value: number) => value.toLocaleString('en-US')

const label = (place: string, text: string) => h('span', { class: ['label', place] }, text)

function bar(name: string, count: number, most: number, kind: string) {
  return h('div', { class: ['bar', kind] }, [
    h('span', { class: 'name' }, name),
    h('span', { class: 'track' }, [
      h('span', { class: 'fill', style: { width: `${(100 * count) / most}%` } }),
    ]),
    h('strong', number(count)),
  ])
}
