/** The build replaces this with the page of `page/` as a single file. Run from source, there is no page. */
export const modelsPageHtml: string | undefined = undefined;
