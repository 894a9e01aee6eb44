/**
 * The words that the house does not use, and what it says instead. `pnpm check` looks for them in Markdown, comments and
 * strings. A space in a pattern also stands for a line break within a comment.
 */
export interface HouseWord {
  readonly pattern: RegExp;
  readonly instead: string;
}

const word = (pattern: RegExp, instead: string): HouseWord => ({ pattern, instead });

export const houseWords: readonly HouseWord[] = [
  // Sentences that a native speaker would turn around.
  word(
    /(?<!\b[Tt]here) (?:is|are|was|were) no (?!longer|more|less|fewer|later|older|newer|different|better|worse|\w+er than)/,
    '"is not a …", or "there is no …"',
  ),
  word(/\bwhat is no\b/, '"what is not"'),
  word(
    /\bwhere (?:it|that|this|they|none|nothing|nobody) (?:is|are|does|can|may|has|have|was|were)\b(?! (?:now|used|written|declared|described|from|at|today))/,
    '"if …"',
  ),
  word(/\bsome JSON\b/i, '"any JSON", or say which'),
  word(/\b(?:which|that|who) is to be\b/, '"that will be" or "that should be"'),
  word(/\bwithout a word\b/, '"with an empty body" or "silently"'),
  word(/\bin place of the one\b/, '"instead of"'),
  word(/\bfell silent\b/, '"sent no data for …"'),
  word(/\bby which \w+ may\b/, 'turn the sentence around'),
  word(/\bno good\b/, '"invalid" or "bad"'),
  word(/\bcare of the models\b/, '"model management"'),
  word(/, so that (?!is|was)/, '", so …"'),
  word(/\bin which case\b/, 'a new sentence'),
  word(/\bthe model works on\b/, '"the model keeps running"'),
  word(/\bstop(?:s|ped)? at its length\b/, '"reaches its maximum length"'),
  word(/\bfor want of\b/, '"because … is missing"'),
  // Old or private words.
  word(/\bbesides\b/i, '"in addition to", "also", "except"'),
  word(/\bkept connections?\b/, '"pooled connection"'),
  word(/\b(?:is|are) dear\b/, '"is expensive"'),
  word(/\banew\b/i, '"again"'),
  word(/\blikest\b/i, '"most similar"'),
  word(/\blikeliest\b/i, '"most likely"'),
  word(/\b(?:likeness|likenesses)\b/i, '"similarity"'),
  word(/\bthe own machine\b/i, '"your machine" or "this machine"'),
  word(/\bwhoever\b/i, '"anyone who", or name them'),
  word(/\b(?:thereof|therein|wherein|whereupon|hitherto)\b/i, 'the common word'),
  word(/\bgoes on (?!for|in|until|after|the|past|to)/, '"continues"'),
  word(/\bfor ever\b/i, '"forever"'),
  word(/\bvariables? that stands? in for\b/, '"environment variable"'),
  // American spelling, as in Ollama, MCP and n8n.
  word(/\b(?:behaviour|colour|favour|honour|neighbour|flavour|labour)\w*/i, 'the American spelling, "-or"'),
  word(
    /\b(?:summar|quant|normal|initial|serial|recogn|organ|optim|author|custom|minim|maxim|general|special|standard|token|util|visual|real|emphas|priorit|categor)is(?:e|es|ed|er|ers|ing|ation|ations)\b/i,
    'the American spelling, "-ize"',
  ),
  word(
    /\b(?:programmes?\b|(?:catalogue|centre|grey|licence|defence|analyse|artefact|whilst|amongst|learnt)\w*)/i,
    'the American spelling',
  ),
  word(/\b(?:labell|modell|travell|signall)(?:ed|ing)\b/i, 'the American spelling, one "l"'),
];
