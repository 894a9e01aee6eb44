/** What a notice is about. */
export type NoticeCode =
  | 'tool_not_offered'
  | 'prompt_cut'
  | 'stopped_at_length'
  | 'option_ignored'
  | 'model_reloaded'
  | 'history_trimmed'
  | 'parameter_ignored';

/** Something worth knowing about an answer that is not an error, and that the server keeps quiet about. */
export interface Notice {
  code: NoticeCode;
  message: string;
}
