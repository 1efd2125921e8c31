"""The mini-program's host, mounted under /mp by the product's own entry outside production."""

from __future__ import annotations

import os

from miniprogram_mock.shell import create_application

application = create_application(os.environ)
