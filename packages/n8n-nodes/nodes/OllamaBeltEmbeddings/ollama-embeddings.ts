import { asText } from '../shared/values.ts';

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

  /** n8n passes on whatever an expression returned. A text that is empty is rejected, also with a prefix. */
  async embedQuery(query: unknown): Promise<number[]> {
    const text = asText(query);
    const [vector] = await this.#embed([text && this.#queryPrefix + text]);
    return vector as number[];
  }
}
