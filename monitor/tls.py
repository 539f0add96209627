"""How we speak TLS: strictly first, then looking behind a fault, so that the fault is told and the page is seen."""

from __future__ import annotations

import ssl
from enum import IntEnum

import httpx


class TlsMode(IntEnum):
    """What we put up with. A later mode is tried only after an earlier one failed: some servers hang on the last."""

    STRICT = 0
    UNVERIFIED = 1
    LEGACY = 2


def make_contexts() -> dict[TlsMode, ssl.SSLContext]:
    """One context a mode, to be shared by all connections: building one costs tens of milliseconds."""
    legacy = httpx.create_ssl_context(verify=False, trust_env=False)
    legacy.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    legacy.set_ciphers("DEFAULT:@SECLEVEL=0")
    legacy.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    strict = httpx.create_ssl_context(trust_env=False)
    unverified = httpx.create_ssl_context(verify=False, trust_env=False)
    for modern in (strict, unverified):
        modern.minimum_version = ssl.TLSVersion.TLSv1_2  # what browsers ask for
    return {TlsMode.STRICT: strict, TlsMode.UNVERIFIED: unverified, TlsMode.LEGACY: legacy}


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
