"""E-mail through the operator's server: plain text in UTF-8, one mail a recipient."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from checks.core.calendar import SHANGHAI
from monitor.notify.channel import ChannelSettings, Style, channel
from monitor.notify.delivery import Doors, Mail, Message, NotDelivered
from monitor.notify.secret import SecretReference


def mail_address(text: str) -> str:
    """A validator: one plain mail address in ASCII."""
    local, at, domain = text.rpartition("@")
    plain = text.isascii() and text.isprintable() and not any(c in text for c in ' ,;<>"()[]\\:')
    if not (at and local and domain and plain and "@" not in local):
        raise ValueError("应为邮箱地址，例如 zhiban@example.gov.cn")
    return text


MailAddress = Annotated[str, AfterValidator(mail_address)]


class MailServer(ChannelSettings):
    """``to`` are the recipients where a rule names none. ``security``: ``tls``, ``starttls`` or ``none``."""

    kind: Literal["mail"]
    host: str = Field(min_length=1)
    port: int = Field(465, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str = ""
    password: SecretReference | None = None
    sender: MailAddress
    sender_name: str = "政府网站与政务新媒体巡查"
    to: tuple[MailAddress, ...] = Field((), strict=False)


@channel(
    "mail",
    title="电子邮件",
    settings=MailServer,
    style=Style(limit=200_000, guard_tags=False),
    secrets=("password",),
    addressed=True,
)
async def send(to: MailServer, message: Message, doors: Doors) -> None:
    try:
        mail_address(message.recipient)
    except ValueError:
        named = f"“{message.recipient}”不是邮箱地址" if message.recipient else "没有收件人：单位没有登记邮箱"
        raise NotDelivered(f"{named}。请在台账登记单位邮箱，或在通道里写明 to", permanent=True) from None
    await doors.mail(
        Mail(
            host=to.host,
            port=to.port,
            security=to.security,
            username=to.username,
            password=doors.secrets.get("password", ""),
            sender=to.sender,
            recipient=message.recipient,
            content=letter(to, message).as_bytes(),
            seconds=to.timeout,
        )
    )


def letter(to: MailServer, message: Message) -> EmailMessage:
    """The mail with its headers encoded. The Message-ID is the same if the same message is sent again."""
    mail = EmailMessage(policy=SMTP)
    user, _, domain = to.sender.rpartition("@")
    mail["From"] = Address(to.sender_name, user, domain)
    mail["To"] = message.recipient
    mail["Subject"] = " ".join(message.title.split())
    mail["Date"] = message.at.astimezone(SHANGHAI)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes in return
    mail.set_content(message.body, cte="base64")
    return mail
