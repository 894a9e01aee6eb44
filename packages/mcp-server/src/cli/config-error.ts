/** A mistake in flags, arguments or environment: one line for the person who made it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
