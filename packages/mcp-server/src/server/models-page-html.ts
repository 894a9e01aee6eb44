/** What the build puts in the place of this file has the page of `page/`, in one piece; the source by itself has none. */
export const modelsPageHtml: string | undefined = undefined;
