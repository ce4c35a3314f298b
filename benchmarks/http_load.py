"""Load a server on loopback and read what it cost: latency, throughput, CPU seconds."""

import asyncio
import time
from typing import Any

import numpy as np
import psutil


def request_bytes(path: str, body: bytes, content_type: str) -> bytes:
    """Write one keep-alive request."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(port: int, requests: list[bytes], count: int, concurrency: int) -> list[float]:
    """Send `count` requests over `concurrency` connections; give each one's seconds."""
    return asyncio.run(_load(port, requests, count, concurrency))


async def _load(port: int, requests: list[bytes], count: int, concurrency: int) -> list[float]:
    times: list[float] = []
    waiting = iter(range(count))

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in waiting:
            began = time.perf_counter()
            writer.write(requests[number % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"the server answered {head[:200]!r}")
            length = next(
                int(line.split(b":")[1])
                for line in head.lower().split(b"\r\n")
                if line.startswith(b"content-length")
            )
            await reader.readexactly(length)
            times.append(time.perf_counter() - began)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return times


def cpu_seconds(process: psutil.Process) -> float:
    """Give the CPU seconds of a process and its children so far."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


def summary(times: list[float], seconds: float, cpu: float) -> dict[str, Any]:
    """Sum up one series."""
    p50, p95, p99 = (1e3 * float(q) for q in np.quantile(times, [0.5, 0.95, 0.99]))
    return {
        "p50_ms": round(p50, 3),
        "p95_ms": round(p95, 3),
        "p99_ms": round(p99, 3),
        "cpu_us": round(1e6 * cpu / len(times), 1),
        "requests_per_second": round(len(times) / seconds, 1),
    }
