import { createCluster } from './platform/db/embedded.js'

/**
 * Run as a process of its own by platform/db/embedded.ts: creates the empty cluster of the embedded database in the directory given
 * and exits, taking the memory it needed along.
 */
const [directory] = process.argv.slice(2)
if (!directory) throw new Error('usage: prepare-data DIRECTORY')
const engine = await createCluster(directory)
await engine.close()
