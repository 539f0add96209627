"""Mail out of the house: the standard library's SMTP in a thread. It writes no letters, it hands them over."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import ssl

from monitor.notify.delivery import Mail, NotDelivered


async def hand_over(mail: Mail) -> None:
    """Give a mail to its server. Raises ``NotDelivered``: a 5xx of the server is permanent, all else may pass."""
    await asyncio.to_thread(_hand_over, mail)


def _hand_over(mail: Mail) -> None:
    try:
        session = _session(mail)
        try:
            if mail.security == "starttls":
                session.starttls(context=ssl.create_default_context())
            if mail.username:
                session.login(mail.username, mail.password)
            session.sendmail(mail.sender, [mail.recipient], mail.content)
            with contextlib.suppress(smtplib.SMTPException, OSError):
                session.quit()  # the mail is taken already: a bad farewell does not undo that
        finally:
            session.close()
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise NotDelivered(f"邮件服务器不接受收件人（{code} {_text(reason)}）", permanent=code >= 500) from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotDelivered(
            f"邮件服务器不认可用户名或密码（{error.smtp_code} {_text(error.smtp_error)}）",
            permanent=error.smtp_code >= 500,
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise NotDelivered(
            "邮件服务器不支持所设的登录或加密方式，请检查 security 和 username", permanent=True
        ) from None
    except smtplib.SMTPResponseException as error:
        raise NotDelivered(
            f"邮件服务器拒收（{error.smtp_code} {_text(error.smtp_error)}）", permanent=error.smtp_code >= 500
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise NotDelivered(f"邮件服务器的证书不可信（{error.verify_message}）", permanent=True) from None
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"与邮件服务器的通信没有完成（{type(error).__name__}）") from None


def _session(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.seconds, context=context)
    return smtplib.SMTP(mail.host, mail.port, timeout=mail.seconds)


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]
