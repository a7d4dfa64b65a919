"""Files on their way in stay in memory: no open text of a group on a disk, not even for a moment."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class InMemory(FileUploadHandler):
    """Keeps at most `most` bytes of one file; of a larger one only its size, so that the form can say so.

    Whatever else is sent along is passed over: many files would fill the memory together.
    """

    most = 10 * 1024 * 1024
    files = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        self.files += 1
        if self.files > 1:
            raise SkipFile
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.kept: list[bytes] = []
        self.got = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.got += len(raw_data)
        if self.got <= self.most:
            self.kept.append(raw_data)
        else:
            self.kept.clear()

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        file = SimpleUploadedFile(self.file_name or "file", b"".join(self.kept))
        file.size = file_size
        return file
