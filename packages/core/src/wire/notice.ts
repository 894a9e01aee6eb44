/** What a notice is about, and what it tells besides its words. */
interface NoticeDetails {
  /** The model most likely called a tool that it was not offered. `tokens`: how many it wrote, which the server dropped. */
  tool_not_offered: { tokens: number };
  /** The prompt did not fit the context. `tokens`: how many of it the model read, of `characters`. */
  prompt_cut: { tokens: number; characters: number };
  /** The answer may be incomplete. `tokens`: how many there are. */
  stopped_at_length: { tokens?: number };
  /** The server does not know an option. `isRequestField`: it belongs beside `options`, not in it. */
  option_ignored: { option: string; isRequestField: boolean };
  /** A call came with another `num_ctx` than the one before. A call that set none has no number here. */
  model_reloaded: { loadMs: number; numCtx?: number; previousNumCtx?: number };
  /** A conversation outgrew its context. `messages`: how many of the oldest were left out. */
  history_trimmed: { messages: number };
  /** A PARAMETER of a Modelfile that Ollama no longer has. `line` counts from 1. */
  parameter_ignored: { option: string; line?: number };
}

/** What a notice is about. */
export type NoticeCode = keyof NoticeDetails;

/**
 * Something worth knowing about an answer that is not an error, and that the server keeps quiet about. `message` is for
 * people, and its words may change; what it is about is in fields, which differ by `code`.
 */
export type Notice = { [Code in NoticeCode]: { code: Code; message: string } & NoticeDetails[Code] }[NoticeCode];
