"""Tokens at the desk: the key that sells one for the open account, and what was left unfinished."""

from __future__ import annotations

from textual import on

from counter.ui import jobs
from counter.ui.carding import CardingScreen
from counter.ui.messages_tokens import TokensUnfinished

TOKEN_MODE = "token"  # noqa: S105  (a mode of payment)


class TokeningScreen(CardingScreen):
    """The part of the desk that knows of tokens."""

    def on_mount(self) -> None:
        """Look for what was begun here and has no token."""
        super().on_mount()
        if self.session.tokens.is_set_up:
            jobs.start(self, self.session.tokens.unfinished, TokensUnfinished, jobs.Unheard)

    @on(TokensUnfinished)
    def _unfinished(self, message: TokensUnfinished) -> None:
        """Offer the oldest, before anything else is begun."""
        if message.sales:
            from counter.ui.dialogs.unfinished_tokens import UnfinishedTokensDialog

            account_no = message.sales[0].account_no
            dialog = UnfinishedTokensDialog(message.sales)
            self.counter.show_over(dialog, lambda yes: self._open_tokens(account_no) if yes else None)

    def action_buy_token(self) -> None:
        """Sell one for the open account; without an account: what has none yet."""
        if self.busy:
            return
        if self.form is not None:
            self._open_tokens(self.form.account.account_no)
            return
        from counter.ui.screens.tokens_open import TokensOpenScreen

        self.app.push_screen(TokensOpenScreen(self.session))

    def action_card(self) -> None:
        """F12 sells power as the account's meter takes it: by card, or by token."""
        if not self.busy and self.form is not None and self.form.account.payment_mode == TOKEN_MODE:
            self._open_tokens(self.form.account.account_no)
        else:
            super().action_card()

    def _open_tokens(self, account_no: str) -> None:
        """To the screen that sells; after a token comes the next customer."""
        from counter.ui.screens.token import TokenScreen

        selling = TokenScreen(self.session, account_no)

        def done(_none: None) -> None:
            """Balances may be others now, where the account stays open."""
            if selling.is_issued and self.form is not None and not self.busy and not self.pay.touched:
                self.leave_form()
            else:
                self._card_done()

        self.app.push_screen(selling, done)
