/** What hosts and shells pass on if nobody has filled in a variable. */
const PLACEHOLDERS: readonly RegExp[] = [
  // ${user_config.apiKey}, ${OLLAMA_HOST}, ${env:X}, ${input:X}, $(X), {{X}}: unfilled wherever they stand
  /\$[{(]/,
  /\{\{.*\}\}/,
  // $OLLAMA_HOST, $OLLAMA_HOST$, $env:OLLAMA_HOST, %OLLAMA_HOST%, <your key>
  /^\$[A-Z_][A-Z0-9_]*\$?$/,
  /^\$?env:\w+$/i,
  /^%\w+%$/,
  /^<[^<>]*>$/,
  // {env:X}, {file:x}, {X}, #{X}, @{X}, %(X)s, @X@, __X__, process.env.X
  /^[#@&]?\{[^{}]*\}$/,
  /^%\(\w+\)s$/,
  /^@\w+@$/,
  /^__\w+__$/,
  /^process\.env\b/,
  // [your key], but not [::1]
  /^\[[^\]:]*[g-z_][^\]:]*\]$/i,
  /^your[-_ ][\w -]+$/i,
  /^(undefined|null|nil|nan)?$/i,
  /^None$/,
];

/** Quotes that a host or an env file leaves at the ends of a value. Ollama takes them off its own variables too. */
const QUOTES = /^["'\s]+|["'\s]+$/g;

/**
 * The value that is meant by what was written for a setting, or nothing if nobody filled it in. A bearer token loses the
 * word before it, since it is sent with one.
 */
export function filledIn(text: string, { secret = false }: { secret?: boolean } = {}): string | undefined {
  const bare = text.replace(QUOTES, '');
  const value = secret ? bare.replace(/^(authorization:\s*)?(bearer(\s+|$))+/i, '').replace(QUOTES, '') : bare;
  return PLACEHOLDERS.some((placeholder) => placeholder.test(value)) ? undefined : value;
}
