import type { Core } from '../app.js'
import type { OperatorApi } from '../operator/api.js'
import type { Config } from '../platform/config.js'

/** What every command is given: where to work and where to say what came of it. */
export type Cli = {
  /** The settings, read when a command first asks, so that help needs none. @throws ConfigError */
  readonly config: () => Config
  /** Whether JSON was asked for. */
  readonly json: () => boolean
  /** Prints a result: as JSON where that was asked for, else as text for people. */
  readonly print: (result: object, text: string) => void
  /** Lets `work` use the operator's operations: of a server where one can be reached, else on the database itself. */
  readonly withApi: <T>(work: (api: OperatorApi) => Promise<T>) => Promise<T>
  /** Opens the database for `work`. For what no door offers. */
  readonly withCore: <T>(work: (core: Core) => Promise<T>) => Promise<T>
}
