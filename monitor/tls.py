"""How we speak TLS: strictly first, then looking behind a fault, so that the fault is told and the page is seen."""

from __future__ import annotations

import ssl
from enum import IntEnum
from functools import cache

import httpx


class TlsMode(IntEnum):
    """What we put up with. A later mode is tried only after an earlier one failed: some servers hang on the last."""

    STRICT = 0
    UNVERIFIED = 1
    LEGACY = 2


@cache
def context_for(mode: TlsMode) -> ssl.SSLContext:
    """The context of a mode, shared by all connections: building one costs tens of milliseconds."""
    context = httpx.create_ssl_context(verify=mode is TlsMode.STRICT, trust_env=False)
    if mode is TlsMode.LEGACY:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2  # what browsers ask for
    return context


def certificate_problem(error: ssl.SSLCertVerificationError) -> str:
    """A certificate fault in Chinese."""
    return _PROBLEMS.get(error.verify_code, f"证书校验未通过（{error.verify_message}）")


LEGACY_PROBLEM = "按现行安全要求无法建立加密连接，放宽要求后可以打开"

_PROBLEMS = {
    9: "证书尚未生效",
    10: "证书已过期",
    18: "证书为自签名",
    19: "证书链中有自签名证书",
    20: "证书链不完整，或签发机构不受信任",
    21: "证书链不完整，或签发机构不受信任",
    23: "证书已被吊销",
    62: "证书与域名不符",
    64: "证书与地址不符",
}
