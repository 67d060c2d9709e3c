/** The script of the pages that `plot --html` writes; the build bundles it into one file. */
import { startPage } from '@checkpoint-schedules/space-time'

startPage(document)
