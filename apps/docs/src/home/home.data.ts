/** What the first page shows, made when the site is built. */
import { type LivePicture, livePicture, strip, type Thumbnail } from './pictures.js'

export interface HomeData {
  readonly live: LivePicture
  readonly strip: readonly Thumbnail[]
}

export declare const data: HomeData

export default {
  load: (): HomeData => ({ live: livePicture(), strip: strip() }),
}
