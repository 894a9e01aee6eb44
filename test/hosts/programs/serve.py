"""Lets a test drive an agent: prompts and cancels come as JSON lines on stdin."""

import asyncio
import json
import sys


async def serve(answer):
    """Calls `answer(prompt)` for each prompt; a cancel cancels the task that runs it."""
    lines = asyncio.StreamReader(limit=2**20)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
    )
    task = None
    while line := await lines.readline():
        message = json.loads(line)
        if message["method"] == "cancel" and task is not None:
            task.cancel()
        elif message["method"] == "prompt":
            task = asyncio.create_task(run(answer, message))


async def run(answer, message):
    try:
        result = {"text": str(await answer(message["params"]["text"]))}
    except asyncio.CancelledError:
        result = {"text": "cancelled"}
    except Exception as error:
        result = {"text": f"{type(error).__name__}: {error}"}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
