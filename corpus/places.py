"""Cities that stand alone in datelines, the agencies that sign them, and words that no place is called.

A lone `NAIROBI --` or `Geneva (AP) -` is told from `PENALTIES --` or `Authorised Person (AP) -` by
knowing the city. The list need not be complete: a dateline with a date or a country needs no list.
Data only; all names are case folded.
"""

from __future__ import annotations

__all__ = ["AGENCIES", "CITIES", "NOT_PLACES"]

_CITIES = """
Abidjan, Abu Dhabi, Abuja, Accra, Addis Ababa, Aden, Adelaide, Algiers, Almaty, Amman, Amsterdam, Ankara,
Antananarivo, Antwerp, Arusha, Ashgabat, Asmara, Astana, Asunción, Asuncion, Athens, Atlanta, Auckland,
Baghdad, Baku, Baltimore, Bamako, Bangkok, Bangui, Banjul, Barcelona, Basel, Beijing, Beirut, Belfast,
Belgrade, Belmopan, Berlin, Bern, Berne, Bilbao, Bishkek, Bissau, Bogotá, Bogota, Bonn, Bordeaux, Boston,
Brasília, Brasilia, Bratislava, Brazzaville, Bridgetown, Brisbane, Brussels, Bruxelles, Brüssel, Bruselas,
Bucharest, Budapest, Buenos Aires, Bujumbura, Cairo, Calcutta, Canberra, Cape Town, Caracas, Cardiff,
Casablanca, Chennai, Chicago, Chisinau, Cincinnati, Cleveland, Colombo, Conakry, Copenhagen, Dakar, Dallas,
Damascus, Dar es Salaam, Davos, Delhi, Denver, Detroit, Dhaka, Dili, Djibouti, Doha, Dresden, Dubai, Dublin,
Dushanbe, Düsseldorf, Edinburgh, Entebbe, Florence, Frankfurt, Freetown, Gaborone, Gaza, Geneva, Genève,
Genf, Georgetown, Ginebra, Glasgow, Guadalajara, Guatemala City, Hamburg, Hanoi, Harare, Havana, Helsinki,
Ho Chi Minh City, Hong Kong, Honolulu, Houston, Islamabad, Istanbul, Jakarta, Jerusalem, Johannesburg, Juba,
Kabul, Kampala, Karachi, Kathmandu, Khartoum, Kiev, Kigali, Kingston, Kinshasa, Kuala Lumpur, Kuwait City,
Kyiv, La Habana, La Haye, La Paz, Lagos, Lahore, Las Vegas, Libreville, Lilongwe, Lima, Lisboa, Lisbon,
Ljubljana, Lomé, Lome, Londres, London, Los Angeles, Luanda, Lusaka, Luxembourg, Lyon, Macau, Madrid,
Malabo, Managua, Manama, Manila, Maputo, Marrakech, Marseille, Maseru, Mbabane, Melbourne, Mexico City,
México, Miami, Milan, Milwaukee, Minneapolis, Minsk, Mogadishu, Monaco, Monrovia, Montevideo, Montreal,
Montréal, Moroni, Moscow, Moscú, Mumbai, Munich, München, Muscat, N'Djamena, Nairobi, Naples, Nassau,
Naypyidaw, New Delhi, New Orleans, New York, Niamey, Nicosia, Nouakchott, Nuku'alofa, Oklahoma City, Oslo,
Ottawa, Ouagadougou, Panama City, Paramaribo, París, Paris, Perth, Philadelphia, Phnom Penh, Phoenix,
Pittsburgh, Podgorica, Port Louis, Port Moresby, Port of Spain, Port-au-Prince, Porto, Porto-Novo, Prag,
Prague, Praia, Pretoria, Pristina, Pyongyang, Quebec, Québec, Quito, Rabat, Ramallah, Rangoon, Reykjavik,
Riga, Rio de Janeiro, Riyadh, Rom, Roma, Rome, Rotterdam, Salt Lake City, San Antonio, San Diego, San
Francisco, San José, San Jose, San Juan, San Marino, San Salvador, Sanaa, Santiago, Santo Domingo, São
Paulo, Sao Paulo, São Tomé, Sarajevo, Seattle, Seoul, Seville, Shanghai, Singapore, Skopje, Sofia, St.
Louis, St. Petersburg, Stockholm, Strasbourg, Straßburg, Stuttgart, Suva, Sydney, Taipei, Tallinn, Tashkent,
Tbilisi, Tegucigalpa, Tehran, Tel Aviv, The Hague, Den Haag, Thimphu, Tirana, Tokyo, Toronto, Tripoli,
Tunis, Turin, Ulaanbaatar, United Nations, Valletta, Vancouver, Vatican City, Venice, Vienna, Vientiane,
Vilnius, Warsaw, Warschau, Washington, Washington DC, Washington D.C., Wellington, Wien, Windhoek, Yangon,
Yaoundé, Yaounde, Yerevan, Zagreb, Zürich, Zurich
"""

_AGENCIES = """
AAP, ABC, ACN, Adnkronos, AFP, Agencia Brasil, Agência Brasil, AIM, AKI, Al Jazeera, Anadolu, AA/Anadolu,
ANI, ANP, ANSA, Antara, AP, APA, APS, AWP, BBC, Belga, Bernama, Bloomberg, Bloomberg News, BTA,
BusinessWire, Business Wire, CNA, CNN, CP, CTK, Canadian Press, The Canadian Press, DAPD, Dow Jones, dpa,
dpa-AFX, DW, EFE, EPD, Europa Press, Eurasianet, EUobserver, Fides, Globe Newswire, GlobeNewswire, HINA,
IANS, ILNA, Inter Press Service, Interfax, IPS, IRIN, IRNA, ITAR-TASS, JTA, KNA, Kyodo, Kyodo News, Lusa,
MAP, MTI, NAN, NHK, NTB, Notimex, NPR, PA, PA Media, PAP, Petra, PNA, PR Newswire, PRNewswire, Prensa
Latina, PTI, QNA, Reuters, RFE/RL, RIA Novosti, Ritzau, RNZ, SANA, SAPA, SDA, SID, Sputnik, SPA, STT, TASS,
Tanjug, TDI, Telam, Télam, The Associated Press, Associated Press, Thomson Reuters Foundation, TT, UNI, UPI,
UN News, UNB, VNA, VOA, WAM, Xinhua, Yonhap
"""

_NOT_PLACES = """
abschnitt act acts agency agenda amended amendment anexo anhang anlage annex annexe announcement appendix
approved april arrêté article articles artikel artículo assembly association august authority bank
bekanntmachung beschluss bill board brief briefing bulletin by case chairman chapter circular code
commission committee communication communiqué company congress contact corporation council court date dated
deadline december decision declaration decree decreto department directive director document dr draft décret
effective enacted event exhibit fassung february federation figure filed final form friday from gesetz
government guidance guideline guidelines house inc institute instruction interview introduction issue issued
item january judgement judgment july june last law laws letter ley list loi ltd mandate march may media
meeting memo memorandum minister ministry minutes monday motion mr mrs ms news note notes notice
notification november october office opinion orden order ordinance paragraph parliament part policy posted
present president press proclamation proposal protocol public publication published question record
regulation regulations release remarks repealed report reported resolución resolution review revised
revision richtlinie rule rules règlement saturday schedule secretary section senate september session signed
speech stage stand standard statement statute statutes subject summary sunday table text thursday title
today treaty tuesday union university update updated v verordnung version vol volume vs wednesday week
written
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()).casefold() for name in text.split(","))


CITIES = _names(_CITIES)
AGENCIES = _names(_AGENCIES)
NOT_PLACES = frozenset(_NOT_PLACES.split())
