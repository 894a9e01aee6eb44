/** What n8n's vector stores call: the methods of LangChain's Embeddings. */
export class OllamaEmbeddings {
  readonly #embed: (texts: string[]) => Promise<number[][]>;
  readonly #queryPrefix: string;
  readonly #documentPrefix: string;

  constructor(embed: (texts: string[]) => Promise<number[][]>, prefixes: { query: unknown; document: unknown }) {
    this.#embed = embed;
    this.#queryPrefix = String(prefixes.query ?? '');
    this.#documentPrefix = String(prefixes.document ?? '');
  }

  async embedDocuments(documents: string[]): Promise<number[][]> {
    return documents.length === 0 ? [] : this.#embed(documents.map((text) => this.#documentPrefix + text));
  }

  async embedQuery(text: string): Promise<number[]> {
    const [vector] = await this.#embed([this.#queryPrefix + text]);
    return vector as number[];
  }
}
