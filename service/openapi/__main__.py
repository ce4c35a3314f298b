"""Write the document to standard output: ``python -m service.openapi > docs/openapi.json``."""

import sys

from service.openapi.document import openapi_bytes

sys.stdout.buffer.write(openapi_bytes())
