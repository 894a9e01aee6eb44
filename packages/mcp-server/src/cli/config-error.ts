/** A mistake in flags, arguments or environment. Its message is one line for the user. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
