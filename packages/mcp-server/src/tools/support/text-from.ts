/**
 * The part of a text after an offset. Replaces half a character, which many programs cannot read, with a mark of the
 * same length.
 */
export const textFrom = (offset: number, text: string): string =>
  text.slice(offset).replace(/^[\udc00-\udfff]/, '\ufffd');
