/** Small pictures of the schedules, made when the site is built. */
import { type Thumbnail, thumbnails } from './pictures.js'

export declare const data: readonly Thumbnail[]

export default {
  load: (): readonly Thumbnail[] => thumbnails({ width: 200, height: 64 }),
}
