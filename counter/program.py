"""The screen as a program: wired to its settings, opened at the sign-in.

What is heavy is imported as late as can be: Textual when the screen opens, the database after the first
paint, in the job that looks for the server.
"""

from __future__ import annotations

from counter.config import Settings
from counter.i18n import set_language


def open_screen(settings: Settings) -> int:
    """Show the sign-in and stay until the last screen is left; the exit code."""
    from counter.ui.app import CounterApp

    def gateway() -> object:
        from counter.services import bootstrap

        return bootstrap.gateway(settings)

    set_language(settings.language)
    app = CounterApp(
        gateway,  # type: ignore[arg-type]  # mypy cannot see through the late import
        language=settings.language,
        idle_lock_s=settings.idle_lock_s,
        keymap=settings.keymap,
        theme=settings.theme,
    )
    app.run()
    return app.return_code or 0
