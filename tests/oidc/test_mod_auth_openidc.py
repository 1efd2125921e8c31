"""A judge nobody here wrote: Debian's libapache2-mod-auth-openidc, a certified relying party in C.

No browser is needed here; tests/browser/test_mod_auth_openidc.py follows the guide in two of them.
"""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from app.authorization.rules.relying_party import Registration
from miniprogram_mock.client.phone import Phone
from tests.contract.servers import serving
from tests.oidc.actors import USCC
from tests.world import World

MODULES = Path("/usr/lib/apache2/modules")
PAGE_ID = re.compile(r'data-page="([0-9a-f-]{36})"')
CONFIGURATION = """
ServerRoot {folder}
PidFile {folder}/apache.pid
Listen 127.0.0.1:{port}
ServerName 127.0.0.1
User nobody
Group nogroup
ErrorLog {folder}/error.log
DocumentRoot {folder}/www
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule auth_openidc_module {modules}/mod_auth_openidc.so
OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration
OIDCClientID {client_id}
OIDCClientSecret {secret}
OIDCRedirectURI http://127.0.0.1:{port}/protected/cb
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCPKCEMethod S256
OIDCResponseType code
OIDCScope "openid profile"
OIDCIDTokenSignedResponseAlg ES256
OIDCRemoteUserClaim sub
OIDCCryptoPassphrase a-passphrase-of-this-test-only
OIDCSessionType client-cookie
OIDCPassClaimsAs headers
<Location /protected>
  AuthType openid-connect
  Require valid-user
</Location>
"""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A page behind Apache."""

    url: str
    issuer: str


@pytest.fixture
def site(world: World, tmp_path: Path) -> Iterator[Site]:
    apache = shutil.which("apache2") or "/usr/sbin/apache2"
    if not (Path(apache).exists() and (MODULES / "mod_auth_openidc.so").exists()):
        pytest.skip("libapache2-mod-auth-openidc is not installed")
    port = free_port()
    with world.app.app_context():
        made = world.services.authorization.relying_parties.register(
            registration=Registration(
                legal_name="阿帕奇网站",
                uscc=USCC,
                domain="localhost",
                redirect_uris=(f"http://127.0.0.1:{port}/protected/cb",),
            )
        )
    (tmp_path / "www" / "protected").mkdir(parents=True)
    (tmp_path / "www" / "protected" / "index.html").write_text("内网首页", encoding="utf-8")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    with serving(world.app) as issuer:
        file = tmp_path / "httpd.conf"
        file.write_text(
            CONFIGURATION.format(
                folder=tmp_path,
                port=port,
                modules=MODULES,
                issuer=issuer.rstrip("/"),
                client_id=made.client_id,
                secret=made.secret,
            )
        )
        process = subprocess.Popen([apache, "-f", str(file), "-DFOREGROUND"])
        try:
            wait_for(port, process)
            yield Site(url=f"http://127.0.0.1:{port}/protected/", issuer=issuer.rstrip("/"))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def test_a_stranger_signs_in_by_scanning(site: Site, phone: Phone) -> None:
    browser = requests.Session()
    sent = browser.get(site.url, allow_redirects=False, timeout=10)
    assert sent.status_code == 302, sent.text
    login = browser.get(sent.headers["Location"], timeout=10)
    found = PAGE_ID.search(login.text)
    assert found, login.text
    cookie = {"Cookie": login.headers["Set-Cookie"].partition(";")[0]}  # Secure, over loopback
    page = f"{site.issuer}/oauth/authorize/{found[1]}"
    text = requests.get(f"{page}/status", headers=cookie, timeout=10).json()["text"]
    phone.approve(phone.scan(text))
    back = requests.get(f"{page}/finish", headers=cookie, allow_redirects=False, timeout=10)
    assert urlsplit(back.headers["Location"]).path == "/protected/cb"
    page_behind = browser.get(back.headers["Location"], timeout=10)
    assert page_behind.status_code == 200, page_behind.text
    page_behind.encoding = "utf-8"
    assert page_behind.text == "内网首页"


def test_nobody_gets_in_who_was_declined(site: Site, phone: Phone) -> None:
    browser = requests.Session()
    sent = browser.get(site.url, allow_redirects=False, timeout=10)
    login = browser.get(sent.headers["Location"], timeout=10)
    found = PAGE_ID.search(login.text)
    assert found
    cookie = {"Cookie": login.headers["Set-Cookie"].partition(";")[0]}
    page = f"{site.issuer}/oauth/authorize/{found[1]}"
    text = requests.get(f"{page}/status", headers=cookie, timeout=10).json()["text"]
    phone.decline(phone.scan(text))
    back = requests.get(f"{page}/finish", headers=cookie, allow_redirects=False, timeout=10)
    assert "error=access_denied" in back.headers["Location"]
    answer = browser.get(back.headers["Location"], timeout=10)
    assert "内网首页" not in answer.text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("Apache did not start")
