/** A longer model name is most likely a text in the wrong place, and must not appear in messages. */
export const MAX_NAME = 1000;
