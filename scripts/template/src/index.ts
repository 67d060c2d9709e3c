export { exampleSchedule } from './example-schedule.js'
