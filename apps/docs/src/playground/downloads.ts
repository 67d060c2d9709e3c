/** Downloads that are made in the page. */
import { toSvg, type Across, type Recording } from '@checkpoint-schedules/space-time'
import { actionLines, type Counts } from './request.js'

const ZOOM = 2

/** Saves `content` as a file. */
export function save(name: string, content: Blob | string, type = 'text/plain'): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** The picture as SVG. */
export function svgOf(recording: Recording, counts: Counts, across: Across): string {
  const { name, steps, forwardSteps, makespan } = counts
  const number = (value: number) => value.toLocaleString('en-US')
  return toSvg(recording, {
    title: `${name}: ${number(steps)} steps`,
    subtitle: `${number(forwardSteps)} forward steps, time ${number(makespan)}`,
    across,
  })
}

/** The picture as PNG, drawn by the browser. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = ZOOM * image.naturalWidth
  canvas.height = ZOOM * image.naturalHeight
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the browser could not make the PNG')) : resolve(blob)),
      'image/png',
    )
  })
}

/** What makes and describes the run, as JSON: options, counts, and all actions. */
export function jsonOf(command: string, recording: Recording, counts: Counts): string {
  const actions = actionLines(recording)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  return `${JSON.stringify({ schedule: command, ...counts, actions }, undefined, 1)}\n`
}
