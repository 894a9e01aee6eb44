"""The Python SDK's client, as one revision or another: lists and calls tools, agrees to a question, and prints what came."""

import asyncio
import json
import sys

from mcp import Client, StdioServerParameters, types

mode, host, command, *args = sys.argv[1:]


async def main():
    questions = []

    async def elicit(_context, params):
        questions.append(params.message)
        return types.ElicitResult(action="accept", content={})

    server = command if command.startswith("http") else StdioServerParameters(
        command=command, args=args, env={"OLLAMA_HOST": host}
    )
    async with Client(server, mode=mode, elicitation_callback=elicit) as client:
        tools = (await client.list_tools()).tools
        messages = [{"role": "user", "content": "Hi"}]
        chat = await client.call_tool("ollama_chat", {"model": "chat-model", "messages": messages})
        deleted = await client.call_tool("ollama_delete_model", {"model": "doomed"})
        print(
            json.dumps(
                {
                    "revision": str(client.protocol_version),
                    "tools": [tool.name for tool in tools],
                    "chat": chat.structured_content,
                    "deleted": deleted.structured_content,
                    "questions": questions,
                }
            )
        )


asyncio.run(main())
