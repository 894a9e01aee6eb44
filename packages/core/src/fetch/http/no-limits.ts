/** undici's Agent, as far as it is used here: the platform's own, whose handlers fit the platform's fetch. */
interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

interface Runtime {
  readonly process?: { readonly versions?: Readonly<Record<string, string | undefined>> };
  readonly [symbol: symbol]: Dispatcher | undefined;
}

const runtime = globalThis as unknown as Runtime;

/**
 * Members of `RequestInit` that remove the platform's own idle limits, which end a response after 300 seconds: the
 * client has its own deadlines. Empty for platforms without such limits.
 */
export function noLimits(): object {
  const { versions } = runtime.process ?? {};
  if (versions?.['bun'] !== undefined) return { timeout: false };
  return versions?.['undici'] === undefined ? {} : { dispatcher: patientDispatcher };
}

/** Forwards to the dispatcher that the program currently uses, so its proxy or its mocks keep working. */
const patientDispatcher: Dispatcher = {
  dispatch: (options, handler) => {
    const dispatcher = globalDispatcher();
    if (dispatcher === undefined) throw new Error("Node's fetch has no dispatcher");
    return dispatcher.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  },
};

/** undici stores it under this symbol; version 8 and later, whose handlers differ, use another one. */
function globalDispatcher(): Dispatcher | undefined {
  const major = Number.parseInt(runtime.process?.versions?.['undici'] ?? '', 10);
  return runtime[Symbol.for(`undici.globalDispatcher.${major >= 8 ? 2 : 1}`)];
}
