"""Where there is no mail server: letters as files that a person can read, and whose links can be followed."""

from django.core.mail.backends import filebased

# Several letters stand in one file.
BETWEEN = "-" * 79 + "\n"


class EmailBackend(filebased.EmailBackend):
    """Django's own, without the encoding that cuts long links in two."""

    def write_message(self, message):
        head = f"To: {', '.join(message.recipients())}\nSubject: {message.subject}\n\n"
        self.stream.write(f"{head}{message.body}\n{BETWEEN}".encode())  # type: ignore[arg-type]
