"""Serves the classroom page for the browser tests, and tells them what it holds of its clients."""

import sys
import threading

import uvicorn
from nicegui import Client

from segsim.teach.server import make_app


def main(port: int) -> None:
    """Serve the page, and `/held` with the number of what is held for clients."""
    app = make_app()
    lessons = app.state.lessons
    mounted = app.router.routes.pop()  # the page takes every path; /held must come before it

    @app.get("/held")
    def held() -> dict[str, int]:
        return {
            "players": len(lessons.players),
            "worlds": sum(player.world is not None for player in lessons.players.values()),
            "streams": len(lessons.streams),
            "clients": len(Client.instances),
            "threads": threading.active_count(),
        }

    app.router.routes.append(mounted)
    lessons.warmth.start()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", ws_per_message_deflate=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
