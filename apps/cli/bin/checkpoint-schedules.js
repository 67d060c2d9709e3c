#!/usr/bin/env node
// The command. The code is in ../src; this file only says what to do if it is not built yet.
const isUnbuilt = (error) => error?.code === 'ERR_MODULE_NOT_FOUND' && /[\\/]dist[\\/]/.test(error.message)

try {
  const { main } = await import('../dist/main.js')
  await main(process.argv.slice(2))
} catch (error) {
  if (!isUnbuilt(error)) throw error
  process.stderr.write('checkpoint-schedules: this workspace is not built yet; run pnpm build.\n')
  process.exitCode = 1
}
