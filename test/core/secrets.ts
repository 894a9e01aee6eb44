/** What goes to the server and may never show up in an error. */
export const secret = { prompt: 'the-secret-prompt', key: 'the-secret-key', image: 'dGhlLXNlY3JldC1pbWFnZQ==' };
