"""Runs the converters of google-genai and openai-agents on the list of tools that stdin has, and prints what they make of it."""

import asyncio
import json
import sys

import mcp.types
from agents.mcp import MCPServer
from agents.mcp.util import MCPUtil
from google.genai import _mcp_utils


class Listing(MCPServer):
    """A server that is never called."""

    name = "ollama"

    async def connect(self): ...
    async def cleanup(self): ...
    async def list_tools(self, *args, **kwargs): ...
    async def call_tool(self, *args, **kwargs): ...
    async def list_prompts(self): ...
    async def get_prompt(self, *args, **kwargs): ...


tools = [mcp.types.Tool.model_validate(tool) for tool in json.load(sys.stdin)]
gemini = [
    declaration.model_dump(mode="json", exclude_none=True)
    for tool in tools
    for declaration in _mcp_utils.mcp_to_gemini_tool(tool).function_declarations
]
openai = {}
for name, strict in (("plain", False), ("strict", True)):
    made = [MCPUtil.to_function_tool(tool, Listing(), strict) for tool in tools]
    openai[name] = [{"name": tool.name, "parameters": tool.params_json_schema, "strict": tool.strict_json_schema} for tool in made]
json.dump({"gemini": gemini, **openai}, sys.stdout)
