import type { Notice } from '@ollama-toolbelt/core/neutral';

/** Notices for results. Their messages only name fields that the tools have, which are fewer than the client's. */
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
