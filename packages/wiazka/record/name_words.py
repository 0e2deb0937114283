"""Words that tell people, organisations and places apart; all folded (no accents, no capitals)."""


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``, for lists that are to be read and added to."""
    return frozenset(text.split())


# A name with one of these is an organisation's.
ORGANISATION = word_set("""
    academy administration agency archive archives association bureau center centre chancellery
    chapter college commission committee company consortium consulate corporation council
    department directorate embassy endowment faculty federation foundation fund gmbh group inc
    initiative institute institution laboratory library llc ltd ministry museum organisation
    organization program programme project secretariat seminary society trust union university

    akademia ambasada archiwum biblioteka centrum fundacja instytut komisja komitet konsulat
    ministerstwo muzeum osrodek politechnika redakcja stowarzyszenie towarzystwo uniwersytet
    departament kancelaria katedra oddzial pracownia urzad wydawnictwo wydzial zaklad zwiazek

    akademie amt archiv bibliothek gesellschaft institut ministerium stiftung universitat
    verein zentrum academie association bibliotheque centre fondation ministere musee societe
    universite academia arquivo archivo archivio archief arhiva arhiv arkhiv asociacion associacao
    biblioteca centro comissao fondazione fundacao fundacion fundatia instituto istituto istituut
    ministerio museo museu universidad universidade universita universitate
    akademija akademiya akademiia biblioteka institut knihovna ministerstvo muzej muzeum nadace
    univerzita univerzitet univerzitni universitet ustav arhivele
    akademia egyetem intezet kozpont konyvtar leveltar muzeum tarsasag
    архив академия библиотека институт министерство музей общество университет фонд центр
    """)
# These are in the names of organisations and are family names too: alone they prove nothing.
EITHER = word_set("bank board church house hall league office press school service")
# German puts words together: "Staatsbibliothek".
ORGANISATION_ENDS = (
    *("archiv", "bibliothek", "gesellschaft", "institut", "ministerium", "museum", "stiftung"),
    *("universitat", "verlag", "zentrum"),
)
# Letters that are a country's, or a title's, and no organisation's.
NOT_BODIES = word_set("BRD DDR DPRK FRG GDR NRD PHD PRC PRL RFN ROK SFRY UAR UK US USA USSR ZSRR")
# A person's name has none of these, and they do not make a name an organisation's either.
IMPERSONAL = word_set("""
    affairs africa african albanian ambasador ambassador america american anonymous archival
    army asia asian
    author authors book books british broadcasting bulgarian bulletin cable central chinese city
    club cold collection communist conference congress cooperative corps cuban culture czech daily
    declassified december democratic development digital division document documents dossier
    editor editors email english europe european external family february federal file files folder
    foreign forum free french friday gazette general german global google government heritage
    history house hungarian independent information interfax intelligence international japanese
    january journal july khabarovsk korea korean languages law limited magazine march media
    members memorial military monitoring moscow national network new news newspaper novosti
    november october official online oral original papers parliament party peace people peoples
    police policy polish political politics pravda president press public publication publications
    publishers publishing radio record records red reform regional relations republic research
    resource resources review romanian royal russian science sciences scientific section security
    senate september serbian service services social soviet special staff state states strategic
    studies studio summary team technology television text times today trade transcript translate
    translation translations translator translators ukrainian unidentified united unit unknown
    various volume war weekly welfare working world writers youth yugoslav
    academician acad admiral baron captain col colonel count dame dean director doc doktor dr
    family father fr gen inz judge kpt ks lady lieutenant lord lt madame major mgr minister
    miss mons mr mrs ms pan pani plk professor prof rev reverend sgt sir sister widow

    commons deutsche deutschland getty images kommersant kultur quarterly rights rossiia rossiya
    agence associates chatgpt communications connect consulting deepl europa google izvestia
    izvestiya krasnaya lingua literaturnaya ludu magyar nemzet neue novoe partners ribao
    rzeczpospolita software solutions sovetskaya systems tass trybuna vremia vremya wolna xinhua
    zvezda
    rude spiegel vashem watch welle wikimedia wyborcza yad zeitung
    czasopismo dokument dokumenty dziedzictwa gazeta handlu historii kultura kultury narodowa
    narodowe narodowego narodowy nauki nieznany panstwowa panstwowe panstwowego panstwowy pamieci
    polska polskie polskiego radio rodzina rodziny rada tygodnik zespol
    """)
PARTICLES = word_set("""
    abd af al am auf bin bint ben da dal das de degli dei del dela della den der des di do dos du
    el en ibn im la las le los ten ter und van vom von y z zu zum zur
    """)
# Places of two words pass for people: "Jane Doe, New York, and …".
PLACES = frozenset(
    place.replace("_", " ")
    for place in word_set("""
        addis_ababa abu_dhabi ann_arbor baden_baden baton_rouge bielsko_biala buenos_aires
        cape_town ceske_budejovice chapel_hill college_park costa_rica den_haag
        gorzow_wielkopolski ho_chi_minh hong_kong hradec_kralove jelenia_gora karlovy_vary
        kuala_lumpur la_paz lake_forest las_vegas los_angeles mexico_city notre_dame palo_alto
        phnom_penh piotrkow_trybunalski rio_de_janeiro salt_lake san_francisco santa_barbara
        sao_paulo sierra_leone sri_lanka stara_zagora tel_aviv ulan_bator ulan_ude viet_nam
        washington_d_c washington_dc zielona_gora
    """)
)
# The first words of such places: "Novi Sad", "St. Petersburg", "South Bend".
PLACE_FIRST = word_set("""
    east el fort great los mount nizhny nizhnii north nova novi novy nowa nowe nowy port
    rostov saint san santa south st stary sv upper veliky velikii west wielka wielki
    """)
# Given names that often stand second: "Mary Ann and Tony Asseily" are of one family.
SECOND_GIVEN = word_set(
    "ann anna anne beth claire jane jo lou louis louise luc maria marie mary paul pierre"
)
# Beside an organisation's name these say that a person is meant, or nobody in particular.
POSTS = word_set(
    "archivist fellow intern librarian member members professor researcher scholar staff student"
    " team"
)
# Before a name these are a title, behind it the family's name.
TITLE_FIRST = word_set(
    "bishop cardinal chancellor duke emperor king marshal pope prince princess queen rabbi shah"
    " sheikh tsar"
)
