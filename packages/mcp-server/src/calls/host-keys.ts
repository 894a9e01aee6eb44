/** Keys that hosts add to the arguments of a call for their own use, or ask the model to add. */
const names: ReadonlySet<string> = new Set([
  // n8n
  'toolCallId',
  'sessionId',
  'action',
  'chatInput',
  // LangChain, Mastra, Vercel's AI SDK
  'tool_call_id',
  'session_id',
  'threadId',
  'thread_id',
  'runId',
  'run_id',
  'run_manager',
  'callbacks',
  // Cursor and others, for tools without arguments
  'random_string',
  'dummy',
  // Cursor
  'explanation',
  // Cline
  'task_progress',
  'requires_approval',
  // OpenHands
  'security_risk',
  // Windsurf, Antigravity, Gemini CLI
  'toolAction',
  'toolSummary',
  'waitForPreviousTools',
  'wait_for_previous',
  // A field of MCP in the wrong place
  'progressToken',
]);

/** `_meta`, `__n8n…`. LangChain's `__arg1` is the argument itself. */
const PREFIX = /^_(?!_arg)/;

/** Whether a key that a tool does not know comes from the host and not from the model. */
export const isHostKey = (key: string, value: unknown): boolean =>
  names.has(key) ||
  PREFIX.test(key) ||
  // n8n puts the name of the tool here. Anything else may be a misspelled `tools`.
  (key === 'tool' && typeof value === 'string' && /^[\w.-]{1,128}$/.test(value));
