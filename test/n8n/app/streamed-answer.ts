/** What n8n's chat window shows of a streamed answer, one JSON object a line. */
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
