"""Texts in other encodings, with letters that were lost, or not in the language of their folder."""

from pathlib import Path

from tests.intake.faults import fault

_POLISH = (
    "Minister przyjął ambasadora i omówił z nim sprawę wizyty w Pjongjangu. Strona koreańska "
    "wyraziła nadzieję, że rozmowy będą kontynuowane jeszcze w tym roku, i zwróciła się z prośbą "
    "o przekazanie pozdrowień. Notatkę sporządził Sławomir Dąbrowski, radca ambasady, który "
    "uczestniczył w rozmowie jako tłumacz. Do wiadomości: towarzysz Olszowski.\n"
)


def _page(folder: Path, data: bytes, where: str = "transcription/pl/0001r.txt") -> None:
    (folder / where).write_bytes(data)


@fault("encoding-found")
def a_transcription_in_cp1250(folder: Path) -> None:
    _page(folder, _POLISH.encode("cp1250"))


@fault("encoding-found")
def a_transcription_in_iso_8859_2(folder: Path) -> None:
    _page(folder, _POLISH.encode("iso8859_2"))


@fault("encoding-found")
def a_transcription_in_cp852(folder: Path) -> None:
    _page(folder, _POLISH.encode("cp852"))


@fault("encoding-found")
def a_transcription_of_an_old_mac(folder: Path) -> None:
    _page(folder, _POLISH.encode("mac_latin2"))


@fault("encoding-found")
def a_transcription_in_utf_16(folder: Path) -> None:
    _page(folder, _POLISH.encode("utf-16"))


@fault("encoding-found")
def a_transcription_in_utf_16_without_its_mark(folder: Path) -> None:
    _page(folder, _POLISH.encode("utf-16-le"))


@fault("encoding-assumed")
def a_transcription_whose_letters_do_not_tell(folder: Path) -> None:
    _page(folder, "Rozmowa z ambasadorem Łosiem".encode("cp1250"))


@fault("encoding-assumed")
def a_transcription_in_cyrillic_of_windows(folder: Path) -> None:
    _page(folder, ("Министр принял посла и обсудил с ним вопрос. " * 5).encode("cp1251"))


@fault("text-garbled")
def a_transcription_read_in_the_wrong_encoding(folder: Path) -> None:
    _page(folder, _POLISH.encode().decode("cp1252", "replace").encode())


@fault("text-garbled")
def a_transcription_with_question_marks_for_letters(folder: Path) -> None:
    _page(folder, _POLISH.encode("ascii", "replace"))


@fault("text-garbled")
def a_page_xml_with_garbled_letters(folder: Path) -> None:
    (folder / "transcription/pl/0001r.txt").unlink()
    text = "Notatka: Giebuï¿½towski i Dąbrowski, GiebuÅ‚towski"
    page = (
        '<?xml version="1.0" encoding="UTF-8"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/'
        f'gts/pagecontent/2019-07-15"><Page imageFilename="0001r.tif"><TextRegion><TextLine>'
        f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
    )
    (folder / "transcription/pl/0001r.xml").write_text(page, encoding="utf-8")


@fault("damaged-file")
def a_binary_file_named_txt(folder: Path) -> None:
    _page(folder, bytes(range(1, 256)) * 2 + bytes(9) + bytes(range(255, 0, -1)))


@fault("damaged-file")
def a_text_with_zeros_at_its_end(folder: Path) -> None:
    _page(folder, _POLISH.encode() + bytes(4096))


@fault("language-differs")
def a_polish_text_among_the_english_ones(folder: Path) -> None:
    _page(folder, _POLISH.encode(), "translation/en/0001r.txt")


@fault("language-differs")
def an_english_word_document_among_the_polish_ones(folder: Path) -> None:
    from docx import Document

    document = Document()
    for _ in range(3):
        document.add_paragraph(
            "The Minister received the Ambassador and discussed the planned visit with him. The "
            "Korean side expressed the hope that the talks would be continued later this year."
        )
    (folder / "transcription/pl/0001r.txt").unlink()
    document.save(str(folder / "transcription/pl/0001r.docx"))
