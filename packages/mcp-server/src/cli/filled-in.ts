/** Placeholders that hosts and shells pass on if a variable has no value. */
const PLACEHOLDERS: readonly RegExp[] = [
  // ${user_config.apiKey}, ${OLLAMA_HOST}, ${env:X}, ${input:X}, $(X), {{X}}: anywhere in the text
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

/** Quotes that a host or an env file leaves around a value. Ollama also strips them from its own variables. */
const QUOTES = /^["'\s]+|["'\s]+$/g;

/**
 * The value of a setting, or `undefined` if it is an unfilled placeholder. Removes the word Bearer from a token,
 * because it is added when the token is sent.
 */
export function filledIn(text: string, { secret = false }: { secret?: boolean } = {}): string | undefined {
  const bare = text.replace(QUOTES, '');
  const value = secret ? bare.replace(/^(authorization:\s*)?(bearer(\s+|$))+/i, '').replace(QUOTES, '') : bare;
  return PLACEHOLDERS.some((placeholder) => placeholder.test(value)) ? undefined : value;
}
