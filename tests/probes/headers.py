"""What every answer must carry, whoever made it: pages, errors, redirects, static files."""

from __future__ import annotations

from typing import Any

from mutual.base.headers import PERMISSIONS, ROOM_PERMISSIONS

EXACT = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
}
#: Pages from which a room is entered: camera and microphone are theirs alone.
ROOMS = ("portal-join", "portal-join-place", "staff-room")


def wrong_headers(answer: Any, room: bool = False) -> list[str]:
    """What is missing or too loose, in words; nothing for an answer as it should be."""
    found = [f"{k}: {answer.get(k)}" for k, v in EXACT.items() if answer.get(k) != v]
    # The way out tells the weather page nothing at all (P-66).
    if answer.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append(f"Referrer-Policy: {answer.get('Referrer-Policy')}")
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.get("Content-Security-Policy", "").split(";")
    )
    for name in ("script-src", "style-src", "connect-src", "form-action"):
        if policy.get(name) != "'self'":
            found.append(f"{name} {policy.get(name)}")
    for name in ("default-src", "frame-ancestors", "base-uri"):
        if policy.get(name) != "'none'":
            found.append(f"{name} {policy.get(name)}")
    if any("unsafe" in value or "*" in value or "http" in value for value in policy.values()):
        found.append("the policy lets strangers or inline parts in")
    if "report-uri" in policy or "report-to" in policy:
        found.append("a report would carry addresses of pages")
    allowed = answer.get("Permissions-Policy")
    if allowed != PERMISSIONS and not (room and allowed == ROOM_PERMISSIONS):
        found.append(f"Permissions-Policy: {allowed}")
    for cookie in answer.cookies.values():
        if not cookie["secure"] or cookie["samesite"] != "Lax":
            found.append(f"cookie {cookie.key} travels too far")
        if not cookie["httponly"] and cookie.key != "csrftoken":
            found.append(f"cookie {cookie.key} can be read by script")
    return found
