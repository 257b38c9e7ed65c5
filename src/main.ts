import { runProcess } from './cli/run-process.js'

/** `npm start`, and what the container runs: the server. */
await runProcess(['start', ...process.argv.slice(2)])
