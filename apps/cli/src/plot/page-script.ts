/** What runs in the pages that `plot --html` makes; bundled into one file by the build. */
import { startPage } from '@checkpoint-schedules/space-time'

startPage(document)
