#!/bin/sh
# Prints a commit message for the staged changes, written by a local model.
#
#   npm install --global @ollama-toolbelt/mcp-server
#   ./commit-message.sh | git commit --edit --file -
set -eu

model=${OLLAMA_MODEL:-llama3.2}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Without these, some shells skip the line above when a signal ends them.
trap 'exit 130' INT
trap 'exit 143' TERM

git diff --staged >"$folder/staged.diff"
if ! [ -s "$folder/staged.diff" ]; then
  echo 'Nothing is staged. Run git add first.' >&2
  exit 1
fi

# The model gets the complete file: the context is made large enough for it, or the call fails.
jq -n --arg model "$model" --arg file "$folder/staged.diff" '{
  model: $model,
  files: [$file],
  prompt: "Write a commit message for this change: one line of at most 72 characters, in the imperative. Print nothing else."
}' | ollama-toolbelt-mcp call ollama_generate - --allow-dir "$folder"
