"""LangChain's adapters, with one session for all calls, as the README advises."""

import asyncio
import json
import sys

from langchain.agents import create_agent
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools
from langchain_openai import ChatOpenAI
from serve import serve


async def main(config, model_url):
    servers = {
        name: {"transport": "stdio", **entry}
        for name, entry in json.load(open(config))["mcpServers"].items()
    }
    model = ChatOpenAI(model="scripted", base_url=f"{model_url}/v1", api_key="key")
    async with MultiServerMCPClient(servers).session("ollama") as session:
        agent = create_agent(model, await load_mcp_tools(session))

        async def answer(text):
            result = await agent.ainvoke({"messages": [("user", text)]})
            return [message.content for message in result["messages"]]

        await serve(answer)


asyncio.run(main(*sys.argv[1:]))
