"""One-time codes by the clock (RFC 6238) on the standard library, and recovery codes for a lost phone."""

import base64
import hashlib
import hmac
import secrets
import struct
import time
from urllib.parse import quote, urlencode

STEP, DIGITS, DRIFT = 30, 6, 1
RECOVERY = 8


def new_secret():
    """160 random bits in base32, as authenticator apps want them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret, step, digits=DIGITS):
    """The code of one 30-second step."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 15
    number = struct.unpack(">I", mac[start:start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10 ** digits:0{digits}d}"


def matching_step(secret, code, after=0, now=None):
    """The step of a right code, one step early or late allowed; None where it is wrong or not newer than `after`."""
    code = "".join(code.split())
    here = int((time.time() if now is None else now) // STEP)
    found = None
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def address(secret, name, issuer):
    """The otpauth:// address that an authenticator app reads from the picture."""
    label = quote(f"{issuer}:{name}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer, 'digits': DIGITS, 'period': STEP})}"


def recovery_codes():
    """Codes to keep on paper; each works once."""
    return [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _n in range(RECOVERY)]


def hashed(code):
    """How a recovery code is kept."""
    return hashlib.sha256("".join(code.lower().split()).encode()).hexdigest()
