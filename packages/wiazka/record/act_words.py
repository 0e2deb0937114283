"""The words for what people did, each with its role; None where the record has none for it.

The keys are regular expressions; Polish ones are folded (no accents, no capitals).
"""

from wiazka.record.model import Role

VERBS: dict[str, Role | None] = {
    "obtained": Role.OBTAINED_BY,
    "acquired": Role.OBTAINED_BY,
    "contributed": Role.CONTRIBUTED_BY,
    "provided": Role.CONTRIBUTED_BY,
    "donated": Role.DONOR,
    "translated": Role.TRANSLATOR,
    "transcribed": Role.TRANSCRIBER,
    "edited": Role.EDITOR,
    "revised": Role.REVISER,
    "corrected": Role.REVISER,
    "annotated": Role.ANNOTATOR,
    "compiled": Role.COMPILER,
    "introduced": None,
    "selected": None,
}
# Acts that stand beside those in a credit line; in a title they say nothing of the document.
BESIDE = (
    "abridged|adapted|checked|collected|copied|declassified|digiti[sz]ed|discovered|excerpted"
    "|found|located|made available|photographed|prepared|proofread|published|recorded|released"
    "|reviewed|scanned|summari[sz]ed|typed|verified|written"
)
NOUNS: dict[str, Role | None] = {
    "translations?": Role.TRANSLATOR,
    "transcriptions?": Role.TRANSCRIBER,
    "revisions": Role.REVISER,
    "corrections": Role.REVISER,
    "annotations": Role.ANNOTATOR,
    "editing": Role.EDITOR,
    "compilation": Role.COMPILER,
    "introductions?|foreword|preface|commentary|notes|selection|(?:html )?mark-?up": None,
}
LABELS: dict[str, Role | None] = {
    "translators?|translations?": Role.TRANSLATOR,
    "transcribers?|transcriptions?|transcribed": Role.TRANSCRIBER,
    "(?:(?:volume|general) )?editors?": Role.EDITOR,
    "revisers?": Role.REVISER,
    "annotators?|annotations?": Role.ANNOTATOR,
    "compilers?": Role.COMPILER,
    "contributors?": Role.CONTRIBUTED_BY,
    "donors?": Role.DONOR,
    "funders?": Role.FUNDER,
    "introduction|collaborators?|(?:html )?mark-?up": None,
}
SHORT: dict[str, Role | None] = {
    r"transl?\.": Role.TRANSLATOR,
    r"ed\.": Role.EDITOR,
    r"comp\.": Role.COMPILER,
}
# Polish, folded: what leaves a name in the nominative. The stems of verbs lack their "ł".
STEMS: dict[str, Role | None] = {
    "(?:u|po)zyska": Role.OBTAINED_BY,
    "przekaza|udostepni": Role.CONTRIBUTED_BY,
    "(?:po|o)fiarowa|podarowa": Role.DONOR,
    "przelozy|(?:prze)?tlumaczy": Role.TRANSLATOR,
    "przepisa": Role.TRANSCRIBER,
    "opracowa|(?:z)?redagowa": Role.EDITOR,
    "poprawi|zweryfikowa": Role.REVISER,
    "przypisami opatrzy": Role.ANNOTATOR,
    "zebra|zestawi": Role.COMPILER,
    "sfinansowa": Role.FUNDER,
    "wybra|wstepem opatrzy|(?:do druku )?przygotowa|odczyta|przejrza|sprawdzi|odnalaz|nades": None,
}
TITLES: dict[str, Role | None] = {
    r"tlum\.|przekl\.|przel\.": Role.TRANSLATOR,
    r"oprac\.(?: nauk\.| red\.)?|red\.(?: nauk\.| tomu)?": Role.EDITOR,
    r"redaktor(?:ka)? tomu": Role.EDITOR,
    r"wspolpraca": None,
}
POLISH_LABELS: dict[str, Role | None] = {
    "tlumacz(?:ka|e)?|tlumaczenie|przeklad": Role.TRANSLATOR,
    "transkrypcja": Role.TRANSCRIBER,
    "redaktor(?:ka|zy)?(?: tomu| naukowy| naczelny)?|redakcja(?: tomu| naukowa)?": Role.EDITOR,
    "opracowanie(?: naukowe| edytorskie)?": Role.EDITOR,
    "korekta": Role.REVISER,
    "przypisy": Role.ANNOTATOR,
    "dar|darczyn(?:ca|cy|czyni)|ofiarodawca": Role.DONOR,
    "fundator(?:ka|zy)?|finansowanie": Role.FUNDER,
    "wybor|wstep": None,
}
# What puts the name into another case: "przez Marka Hańderka" is not how he is called.
OBLIQUE: dict[str, Role | None] = {
    "(?:kopia |dokument |kopie )?dzieki uprzejmosci": Role.COURTESY_OF,
    "(?:u|po)zyskan[aeyo] przez": Role.OBTAINED_BY,
    "(?:przekazan|udostepnion)[aeyo] przez": Role.CONTRIBUTED_BY,
    "(?:ofiarowan|podarowan)[aeyo] przez": Role.DONOR,
    "(?:przetlumaczon|przelozon)[aeyo] przez": Role.TRANSLATOR,
    "przepisan[aeyo] przez": Role.TRANSCRIBER,
    "opracowan[aeyo] przez": Role.EDITOR,
    "sfinansowan[aeyo] przez": Role.FUNDER,
    r"w (?:tlum|przekl|przel)(?:\.|adzie|umaczeniu)": Role.TRANSLATOR,
    r"(?:w oprac|pod red)(?:\.|owaniu|akcja)": Role.EDITOR,
    "przez": None,
}
