import type { Notice } from '@ollama-toolbelt/core/neutral';

/** Notices as results have them, in words for users of the tools, which take fewer fields than the client. */
export const noticesInWords = (notices: readonly Notice[]): { code: string; message: string }[] =>
  notices.map((notice) => ({ code: notice.code, message: wordsOf(notice) }));

function wordsOf(notice: Notice): string {
  switch (notice.code) {
    case 'prompt_cut':
      return `The server truncated the prompt: of ${notice.characters} characters the model read ${notice.tokens} tokens. Raise options.num_ctx.`;
    default:
      return notice.message;
  }
}
