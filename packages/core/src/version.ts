declare const CORE_VERSION: string | undefined;

/** Version of the package, inserted by the build. */
export const version = typeof CORE_VERSION === 'string' ? CORE_VERSION : '0.0.0';
