/** The streamed answer in n8n's chat window, one JSON object per line. */
export async function* piecesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const { type, content }: { type: string; content?: string } = JSON.parse(line);
      if (type === 'item' && content !== undefined) yield content;
    }
  }
}
