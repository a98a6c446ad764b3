"""Files that are handed out: the very one that was taken in or made, or none."""

import hashlib
import logging

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

log = logging.getLogger(__name__)


def download(path: str, digest: str, *, name: str, kind: str) -> FileResponse:
    """The stored file, to be saved and not opened in the page, under a name of ours.

    Http404 where it is gone, or where its SHA-256 is no longer `digest`; the log says which file that was.
    """
    try:
        if not path:
            raise FileNotFoundError
        file = default_storage.open(path)
    except (FileNotFoundError, SuspiciousFileOperation) as gone:
        raise Http404 from gone
    if hashlib.file_digest(file, "sha256").hexdigest() != digest:
        file.close()
        log.error("%s is handed out to nobody: %s is not the file with its digest.", name, path)
        raise Http404
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
