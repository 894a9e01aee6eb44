"""mcp-use's agent."""

import asyncio
import json
import sys

from langchain_openai import ChatOpenAI
from mcp_use import MCPAgent, MCPClient
from serve import serve


async def main(config, model_url):
    client = MCPClient.from_dict(json.load(open(config)))
    model = ChatOpenAI(model="scripted", base_url=f"{model_url}/v1", api_key="key")
    agent = MCPAgent(llm=model, client=client, memory_enabled=False)
    await agent.initialize()
    try:
        await serve(agent.run)
    finally:
        await client.close_all_sessions()


asyncio.run(main(*sys.argv[1:]))
