"""The OpenAI Agents SDK."""

import asyncio
import json
import sys

from agents import Agent, OpenAIChatCompletionsModel, Runner, set_tracing_disabled
from agents.mcp import MCPServerStdio
from openai import AsyncOpenAI
from serve import serve

set_tracing_disabled(True)


async def main(config, model_url):
    entry = json.load(open(config))["mcpServers"]["ollama"]
    client = AsyncOpenAI(base_url=f"{model_url}/v1", api_key="key")
    model = OpenAIChatCompletionsModel(model="scripted", openai_client=client)
    async with MCPServerStdio(params=entry, client_session_timeout_seconds=60) as server:
        agent = Agent(name="test", model=model, mcp_servers=[server])

        async def answer(text):
            result = await Runner.run(agent, text)
            return [str(item.raw_item) for item in result.new_items]

        await serve(answer)


asyncio.run(main(*sys.argv[1:]))
