export type { ObjectClient } from './object-client.js'
