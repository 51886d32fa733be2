"""Mail messages, as different programs send them."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

from . import Made
from .html import written
from .plans import PLANS, Plan

__all__ = ["documents", "mailbox", "message"]


def message(plan: Plan, fill: Callable[[EmailMessage, Plan], None]) -> bytes:
    """A message about a plan. fill: gives it its text."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = plan.title
    mail["From"] = f"{plan.author} <office@{plan.language}.example>"
    mail["To"] = "Ann Lee <ann@towns.example>"
    mail["Date"] = "Tue, 04 May 2021 10:00:00 +0200"
    mail["Message-ID"] = f"<{plan.name}@towns.example>"
    fill(mail, plan)
    return mail.as_bytes()


def mailbox() -> bytes:
    """All messages in one file."""
    pieces = (b"From x Tue May  4 10:00:00 2021\n" + made.content + b"\n" for made in documents())
    return b"".join(pieces).replace(b"\r\n", b"\n")


def documents() -> list[Made]:
    """A message for each plan. Plain text shows where headings are, but not their levels: all are 1."""
    return [_made(plan, fill) for plan, fill in zip(PLANS, _FILLS, strict=True)]


def _made(plan: Plan, fill: Callable[[EmailMessage, Plan], None]) -> Made:
    shows_structure = fill in (_page, _related)
    headings = tuple(
        (one.level if shows_structure else 1, one.words) for one in plan.parts if one.kind == "h"
    )
    words = tuple(
        (f"{one.label} {one.words}".strip(), None) for one in plan.parts if one.kind in ("p", "li", "n")
    )
    content = message(plan, fill)
    return Made(f"{plan.name}.eml", content, headings, words, plan.middle, plan.title)


def _text(plan: Plan) -> str:
    return "\n\n".join(f"{one.label} {one.words}".strip() for one in plan.parts if one.kind != "t")


def _plain(mail: EmailMessage, plan: Plan) -> None:
    mail.set_content(_text(plan))


def _base64(mail: EmailMessage, plan: Plan) -> None:
    mail.set_content(_text(plan), charset="iso-8859-1", cte="base64")


def _page(mail: EmailMessage, plan: Plan) -> None:
    mail.set_content(written(plan), subtype="html")


def _alternative(mail: EmailMessage, plan: Plan) -> None:
    _plain(mail, plan)
    mail.add_alternative(written(plan), subtype="html")


def _related(mail: EmailMessage, plan: Plan) -> None:
    mail.set_content("Please use another program.")
    mail.add_alternative(written(plan), subtype="html")
    page = mail.get_payload(1)
    assert isinstance(page, EmailMessage)
    page.add_related(b"\x89PNG\r\n", "image", "png", cid="<logo>")


def _mixed(mail: EmailMessage, plan: Plan) -> None:
    _plain(mail, plan)
    mail.add_attachment(b"# Notes\n\nThe notes say more.\n", "text", "markdown", filename="nötes.md")


_FILLS = (_plain, _base64, _page, _alternative, _related, _mixed)
