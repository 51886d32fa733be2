"""Archives: members are documents of their own, whatever is wrong with one of them or with all."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest
from docsearch.corpus import members
from docsearch.corpus.formats import archive, packed
from docsearch.corpus.members import within_limits
from docsearch.corpus.model import Reading
from docsearch.corpus.registry import media_type_of, read_bytes
from hypothesis import given, settings
from hypothesis import strategies as st

LAWS = {"water.txt": b"Water permits are due in May.", "sub/air.md": b"# Air\n\nChimneys are swept yearly."}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, (2024, 2, 29, 12, 0, 0)), content, method)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], *others: tarfile.TarInfo, kind: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as made:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
        for info in others:
            made.addfile(info)
    return out.getvalue()


def xz(data: bytes) -> bytes:
    return lzma.compress(data)


def read(data: bytes, name: str = "acts.zip") -> Reading:
    with within_limits():
        return read_bytes(f"laws/{name}", name, data)


def texts(reading: Reading) -> dict[str, str]:
    return {document.key: document.text for document in reading.documents}


def gaps(reading: Reading) -> dict[str, str]:
    return {gap.key: gap.reason for gap in reading.gaps}


EXPECTED = {f"laws/acts.zip!/{name}": content.decode() for name, content in LAWS.items()}


class TestWhatIsRead:
    @pytest.mark.parametrize(
        "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
    )
    def test_each_member_of_a_zip_is_a_document(self, method: int) -> None:
        reading = read(zipped(LAWS, method))
        assert (texts(reading), reading.gaps) == (EXPECTED, ())
        assert [document.meta.type for document in reading.documents] == ["text/plain", "text/markdown"]

    @pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    @pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, xz])
    def test_each_member_of_a_tar_is_a_document(self, kind: int, pack: Callable[[bytes], bytes]) -> None:
        assert texts(read(pack(tarred(LAWS, kind=kind)))) == EXPECTED

    def test_a_tar_of_the_oldest_kind_is_known_by_its_checksum(self) -> None:
        made = bytearray(tarred({"a.txt": b"Water law."}, kind=tarfile.USTAR_FORMAT))
        made[257:265] = bytes(8)
        made[148:156] = b" " * 8
        made[148:156] = b"%06o\0 " % sum(made[:512])
        assert texts(read(bytes(made), "acts")) == {"laws/acts!/a.txt": "Water law."}

    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, xz])
    def test_a_compressed_file_is_the_file_within(self, pack: Callable[[bytes], bytes]) -> None:
        suffix = {gzip.compress: "gz", bz2.compress: "bz2", xz: "xz"}[pack]
        reading = read(pack(b"# Air\n\nChimneys."), f"air.md.{suffix}")
        (document,) = reading.documents
        assert (document.key, document.meta.type) == (f"laws/air.md.{suffix}", "text/markdown")
        assert document.meta.title == "Air"

    def test_streams_end_to_end_are_one_file(self) -> None:
        data = gzip.compress(b"Water law. ") + gzip.compress(b"Air law.") + b"\0" * 20
        assert texts(read(data, "a.gz")) == {"laws/a.gz": "Water law. Air law."}

    def test_archives_in_archives(self) -> None:
        inner = gzip.compress(tarred({"water.txt": b"Water law."}))
        assert texts(read(zipped({"old/all.tgz": inner}))) == {
            "laws/acts.zip!/old/all.tgz!/water.txt": "Water law."
        }

    def test_what_is_hidden_or_of_the_system_is_left_out(self) -> None:
        names = ("__MACOSX/._water.txt", ".DS_Store", "a/.git/config", "Thumbs.db", "a/b.txt")
        assert list(texts(read(zipped(dict.fromkeys(names, b"Words."))))) == ["laws/acts.zip!/a/b.txt"]

    def test_names_in_utf_8_that_do_not_say_so(self) -> None:
        made = zipped({"Gew\u00e4sser.txt": b"Wasser."})
        flag = (0x800).to_bytes(2, "little")
        plain = made.replace(b"\x14\0" + flag, b"\x14\0\0\0")
        assert plain != made
        assert list(texts(read(plain))) == ["laws/acts.zip!/Gew\u00e4sser.txt"]

    @pytest.mark.parametrize(
        "name", ["../../etc/passwd.txt", "/etc/passwd.txt", "a\\..\\..\\passwd.txt", "C:\\x\\..\\p.txt"]
    )
    @pytest.mark.parametrize("make", [zipped, tarred])
    def test_no_path_climbs_out(self, name: str, make: Callable[[Mapping[str, bytes]], bytes]) -> None:
        (key,) = texts(read(make({name: b"root"})))
        assert key.startswith("laws/acts.zip!/")
        assert ".." not in key.split("/")


class TestWhatIsNotRead:
    def test_links_devices_and_pipes_are_gaps(self) -> None:
        odd = []
        for name, kind in (
            ("s", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("d", tarfile.CHRTYPE),
            ("p", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            odd.append(info)
        reading = read(tarred(LAWS, *odd))
        assert texts(reading) == EXPECTED
        assert [key[-2:] for key in gaps(reading)] == ["/s", "/h", "/d", "/p"]
        assert "a link to /etc/passwd" in reading.gaps[0].reason

    def test_a_link_in_a_zip(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            info = zipfile.ZipInfo("link")
            info.external_attr = 0o120777 << 16
            made.writestr(info, "/etc/passwd")
            made.writestr("a.txt", "Water law.")
        reading = read(out.getvalue())
        assert list(texts(reading)) == ["laws/acts.zip!/a.txt"]
        assert "it is a link" in gaps(reading)["laws/acts.zip!/link"]

    def test_an_encrypted_member_is_a_gap_and_the_others_are_read(self) -> None:
        made = bytearray(zipped(LAWS))
        entry = made.index(b"PK\x01\x02")
        made[entry + 8] |= 1
        reading = read(bytes(made))
        assert list(texts(reading)) == ["laws/acts.zip!/sub/air.md"]
        assert "encrypted: unpack it with its password" in gaps(reading)["laws/acts.zip!/water.txt"]

    def test_a_damaged_member_is_a_gap_and_the_others_are_read(self) -> None:
        made = bytearray(zipped(LAWS, zipfile.ZIP_STORED))
        made[made.index(b"permits")] ^= 1
        reading = read(bytes(made))
        assert list(texts(reading)) == ["laws/acts.zip!/sub/air.md"]
        assert "it is damaged" in gaps(reading)["laws/acts.zip!/water.txt"]

    def test_images_are_not_even_unpacked(self) -> None:
        assert "an image" in gaps(read(zipped({"a.png": b"x"})))["laws/acts.zip!/a.png"]

    @pytest.mark.parametrize("data", [zipped({}), zipped({"folder/": b""}), zipped({".hidden": b"x"})])
    def test_an_empty_archive_says_so(self, data: bytes) -> None:
        assert gaps(read(data)) == {"laws/acts.zip": "the archive holds no files"}

    @pytest.mark.parametrize("pack", [zipped, lambda files: gzip.compress(tarred(files))])
    def test_a_cut_off_archive(self, pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
        made = pack(LAWS)
        reading = read(made[: len(made) * 2 // 3])
        assert any("cut off" in reason or "damaged" in reason for reason in gaps(reading).values())

    def test_what_came_before_the_damage_of_a_tar_stands(self) -> None:
        reading = read(tarred(LAWS)[:1550])
        assert list(texts(reading)) == ["laws/acts.zip!/water.txt"]
        assert "only what comes before was read" in gaps(reading)["laws/acts.zip"]


class TestLimits:
    def test_a_bomb_is_a_gap_and_the_others_are_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packed, "_FREE", 1 << 20)
        reading = read(zipped({"bomb.txt": bytes(b"a" * (4 << 20)), **LAWS}))
        assert texts(reading) == EXPECTED
        assert "more than 100 times" in gaps(reading)["laws/acts.zip!/bomb.txt"]

    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, xz])
    def test_a_compressed_bomb(self, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packed, "_FREE", 1 << 20)
        reading = read(pack(b"a" * (8 << 20)), "a.gz")
        assert "more than 100 times" in gaps(reading)["laws/a.gz"]

    def test_a_member_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(packed, "LARGEST_MEMBER", 1 << 20)
        large = b"Water. " * 200_000
        for data in (zipped({"large.txt": large, **LAWS}), tarred({"large.txt": large, **LAWS})):
            reading = read(data)
            assert texts(reading) == EXPECTED
            assert "larger than the limit" in gaps(reading)["laws/acts.zip!/large.txt"]

    def test_too_much_in_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(members, "LARGEST", 40)
        reading = read(zipped(LAWS))
        assert list(texts(reading)) == ["laws/acts.zip!/water.txt"]
        assert "only what comes before was read" in gaps(reading)["laws/acts.zip"]

    def test_too_much_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "_TEXT", 40)
        for data in (zipped(LAWS), tarred(LAWS)):
            assert "unpack it into the folder" in gaps(read(data))["laws/acts.zip"]

    def test_too_many_members(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(members, "MOST", 3)
        files = {f"{number}.txt": b"Water law." for number in range(9)}
        for data in (zipped(files), tarred(files)):
            reading = read(data)
            assert len(reading.documents) == 3
            assert "more than 3 files" in gaps(reading)["laws/acts.zip"]

    def test_an_archive_that_nests_without_end(self) -> None:
        data = b"Water law."
        for _ in range(20):
            data = zipped({"more.zip": data})
        (reason,) = gaps(read(data)).values()
        assert "containers deep" in reason

    def test_a_gzip_that_nests_without_end(self) -> None:
        data = b"Water law."
        for _ in range(20):
            data = gzip.compress(data)
        assert "containers deep" in gaps(read(data, "a.gz"))["laws/a.gz"]

    def test_an_xz_stream_that_asks_for_much_memory(self) -> None:
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}]
        made = lzma.compress(b"Water law.", filters=filters)
        assert "memory" in gaps(read(made, "a.xz"))["laws/a.xz"].lower()


GOOD = [
    zipped(LAWS),
    zipped(LAWS, zipfile.ZIP_LZMA),
    tarred(LAWS),
    tarred(LAWS, kind=tarfile.GNU_FORMAT),
    gzip.compress(tarred(LAWS)),
    bz2.compress(b"Water law."),
    xz(zipped(LAWS)),
]


@settings(max_examples=300)
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255))),
    st.integers(0, 1 << 16),
)
def test_no_damage_makes_a_reader_raise(data: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(data)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    reading = read(bytes(damaged[: cut % len(damaged) or None]))
    assert reading.documents or reading.gaps


@given(
    st.binary(max_size=3000),
    st.sampled_from([b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b"PK\x05\x06"]),
)
def test_no_bytes_behind_a_signature_make_a_reader_raise(data: bytes, mark: bytes) -> None:
    assert read(mark + data).gaps


def test_a_header_that_claims_more_than_there_is_costs_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = tarfile.TarInfo("huge.txt")
    claim.size = 8 << 40
    asked: list[int] = []
    real = tarfile._Stream._read  # type: ignore[attr-defined]

    def counted(stream: object, size: int) -> bytes:
        asked.append(size)
        return bytes(real(stream, size))

    monkeypatch.setattr(tarfile._Stream, "_read", counted)  # type: ignore[attr-defined]
    reading = read(claim.tobuf(tarfile.GNU_FORMAT) + bytes(1024), "acts.tar")
    assert gaps(reading).keys() == {"laws/acts.tar!/huge.txt", "laws/acts.tar"}
    assert len(asked) < 1_000


def test_what_comes_behind_a_file_that_is_too_large_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LARGEST_MEMBER", 1_000)
    reading = read(gzip.compress(tarred({"large.txt": bytes(range(200)) * 40, **LAWS})), "acts.tar.gz")
    assert "larger" in gaps(reading)["laws/acts.tar.gz!/large.txt"]
    assert len(reading.documents) == 2


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_opendocument_file_that_was_packed_anew_is_one(method: int) -> None:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    data = zipped({"mimetype": kind.encode(), "content.xml": b"<x/>"}, method)
    assert media_type_of("a.zip", data) == kind
