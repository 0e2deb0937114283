"""What verify_receipt.py says, in English and Polish; printed as a part of that program."""

WORDS = {
    "wrong": ("WRONG. ", "ŹLE. "),
    "right": ("RIGHT. ", "DOBRZE. "),
    "not-proved": ("NOT proved: ", "NIE dowiedziono: "),
    "undecided": ("UNDECIDED. ", "NIE ROZSTRZYGNIĘTO. "),
    "unreadable": ("This cannot be read: {why}", "Tego nie da się odczytać: {why}"),
    "no-text": (
        "Something is not the text that it should be: {why}",
        "Coś nie jest tekstem, którym powinno być: {why}",
    ),
    "no-proof": (
        "The receipt holds no proof of the ledger, or it was changed. It is there once the document"
        " is registered; the archive can give it anew: wiazka log proof ID.",
        "Pokwitowanie nie zawiera dowodu z rejestru albo zostało zmienione. Dowód jest w nim, gdy "
        "dokument został zarejestrowany; archiwum może wydać go na nowo: wiazka log proof ID.",
    ),
    "changed": (
        "The proof in the receipt was changed: its {field} is not what it should be.",
        "Dowód w pokwitowaniu został zmieniony: {field} nie jest tym, czym powinno być.",
    ),
    "not-registered": (
        "The event of the receipt does not say that anything was registered.",
        "Zdarzenie z pokwitowania nie mówi, że cokolwiek zarejestrowano.",
    ),
    "no-seal": (
        "The event is of the time before events named the bag: it does not say which one was "
        "registered.",
        "Zdarzenie pochodzi sprzed czasu, gdy zdarzenia nazywały paczkę: nie mówi, którą "
        "zarejestrowano.",
    ),
    "no-event": (
        "The proof names an event that the ledger does not have.",
        "Dowód wskazuje zdarzenie, którego rejestr nie ma.",
    ),
    "too-long": (
        "The proof is longer than the ledger's tree is high.",
        "Dowód jest dłuższy, niż drzewo rejestru jest wysokie.",
    ),
    "too-short": (
        "The proof is shorter than the ledger's tree is high.",
        "Dowód jest krótszy, niż drzewo rejestru jest wysokie.",
    ),
    "no-checkpoint": (
        "The checkpoint is none: it should have an origin, a number and a root.",
        "To nie jest punkt kontrolny: powinien mieć pochodzenie, liczbę i korzeń.",
    ),
    "no-key": (
        "The public key is none: it should look like name+hash+key.",
        "To nie jest klucz publiczny: powinien wyglądać jak nazwa+skrót+klucz.",
    ),
    "key-mistyped": (
        "The public key was mistyped: its hash is not that of the key.",
        "W kluczu publicznym jest błąd: jego skrót nie jest skrótem klucza.",
    ),
    "link": (
        "A link stands in the bag, or what is no file, where a file should be: {name}",
        "W paczce zamiast pliku jest dowiązanie albo coś, co nie jest plikiem: {name}",
    ),
    "extra": (
        "The bag has a file more than was registered: {name}",
        "Paczka ma plik, którego nie zarejestrowano: {name}",
    ),
    "missing": ("A file of the bag is missing: {name}", "W paczce brakuje pliku: {name}"),
    "file-changed": (
        "A file of the bag was changed: {name}",
        "Plik w paczce został zmieniony: {name}",
    ),
    "no-bag": ("{name} is no bag: it has no {seal}.", "{name} nie jest paczką: nie ma {seal}."),
    "other-bag": (
        "This is not the bag that was registered: its tag manifest is another one.",
        "To nie jest paczka, którą zarejestrowano: jej manifest znaczników jest inny.",
    ),
    "no-manifest": (
        "{seal} does not list the manifest of the documents.",
        "{seal} nie wymienia manifestu dokumentów.",
    ),
    "no-list": ("{name} is no list of digests.", "{name} nie jest listą skrótów."),
    "lists-others": (
        "{name} lists other files than {seal}.",
        "{name} wymienia inne pliki niż {seal}.",
    ),
    "other-checkpoint": (
        "The proof does not lead to the checkpoint in the receipt: one was changed.",
        "Dowód nie prowadzi do punktu kontrolnego w pokwitowaniu: jedno z nich zmieniono.",
    ),
    "registered": (
        "Event {seq} of the ledger says: at {at} (UTC) {name} version {version} was registered.",
        "Zdarzenie {seq} rejestru mówi: {at} (UTC) zarejestrowano {name}, wersja {version}.",
    ),
    "included": (
        "It is one of the {count} events of the checkpoint in the receipt.",
        "Jest jednym z {count} zdarzeń punktu kontrolnego z pokwitowania.",
    ),
    "another-size": (
        "This checkpoint is of {published} events, the receipt's proof is for {count}: they cannot "
        "be compared as they are. Ask the archive for what joins them: wiazka log consistency "
        "{first} {last} > joined.json, and give it with --consistency joined.json; or look for the "
        "published checkpoint of {count} events.",
        "Ten punkt kontrolny obejmuje {published} zdarzeń, a dowód w pokwitowaniu {count}: tak jak "
        "są, nie da się ich porównać. Poproś archiwum o to, co je łączy: wiazka log consistency "
        "{first} {last} > joined.json, i podaj to z --consistency joined.json; albo poszukaj "
        "opublikowanego punktu kontrolnego o liczbie {count}.",
    ),
    "no-consistency": (
        "The file of --consistency does not join checkpoints of {first} and of {last} events. The "
        "archive prints the one that does: wiazka log consistency {first} {last}",
        "Plik z --consistency nie łączy punktów kontrolnych o liczbach {first} i {last}. Właściwy "
        "wypisuje archiwum: wiazka log consistency {first} {last}",
    ),
    "not-joined": (
        "What should join the checkpoints of {first} and of {last} events does not: that file was "
        "changed, or the ledger of this receipt is not the one that was published.",
        "To, co powinno łączyć punkty kontrolne o liczbach {first} i {last}, nie łączy ich: plik "
        "zmieniono albo rejestr z tego pokwitowania nie jest tym, który opublikowano.",
    ),
    "continued": (
        "The published checkpoint of {published} events goes on from the events of the receipt's.",
        "Opublikowany punkt kontrolny o liczbie {published} obejmuje zdarzenia tego z pokwitowania "
        "i następne.",
    ),
    "preceded": (
        "The receipt's checkpoint goes on from the {published} events of the published one.",
        "Punkt kontrolny z pokwitowania obejmuje {published} zdarzeń opublikowanego i następne.",
    ),
    "later-event": (
        "that the published checkpoint has this event: it is older than event {seq}.",
        "że opublikowany punkt kontrolny ma to zdarzenie: jest starszy niż zdarzenie {seq}.",
    ),
    "other-root": (
        "The published checkpoint of {count} events has another root: the ledger that this receipt "
        "is of is not the one that was published.",
        "Opublikowany punkt kontrolny o liczbie {count} ma inny korzeń: rejestr z tego "
        "pokwitowania nie jest tym, który opublikowano.",
    ),
    "same": (
        "The published checkpoint is of these very events.",
        "Opublikowany punkt kontrolny obejmuje właśnie te zdarzenia.",
    ),
    "bag": (
        "The bag is the one that was registered: {files} files, {size} bytes, no other.",
        "Paczka jest tą, którą zarejestrowano: plików {files}, bajtów {size}, żadnych innych.",
    ),
    "unpublished": (
        "that the archive published this checkpoint. Compare it with one that you have from "
        "elsewhere (third argument).",
        "że archiwum opublikowało ten punkt kontrolny. Porównaj go z takim, który masz skądinąd "
        "(trzeci argument).",
    ),
    "not-signed": (
        "The checkpoint is not signed with that key, or its signature is wrong.",
        "Punkt kontrolny nie jest podpisany tym kluczem albo podpis jest zły.",
    ),
    "signed": (
        "The checkpoint is signed with the key that you gave.",
        "Punkt kontrolny jest podpisany kluczem, który podano.",
    ),
    "wrong-signature": (
        "The signature of the checkpoint is wrong.",
        "Podpis punktu kontrolnego jest zły.",
    ),
    "signed-by": (
        "The checkpoint is signed with the key that the receipt names: {who}  (is it the one that "
        "the archive published? --key makes sure)",
        "Punkt kontrolny jest podpisany kluczem z pokwitowania: {who}  (czy to ten, który archiwum "
        "opublikowało? --key to sprawdza)",
    ),
    "unsigned": (
        "who made the checkpoint. It is not signed, or no key is known (--key).",
        "kto zrobił punkt kontrolny. Nie jest podpisany albo nie znamy klucza (--key).",
    ),
}


class Sentence(Exception):
    """Something to be said: ``key`` names it among the WORDS."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(self.text(0))

    def text(self, language: int) -> str:
        """It in English (0) or Polish (1)."""
        return WORDS[self.key][language].format(**self.values)


class Wrong(Sentence):
    """Something is not what the receipt says."""


class Undecided(Sentence):
    """What was given neither proves nor disproves it."""
