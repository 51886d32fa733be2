"""What the made documents say, before any format: headings, paragraphs, items, tables, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["PLANS", "Part", "Plan"]


@dataclass(frozen=True)
class Part:
    """kind h: a heading of a level. p: a paragraph. li: an item with the number that is shown.
    t: a table, its rows with cells. n: a footnote of the paragraph before."""

    kind: Literal["h", "p", "li", "t", "n"]
    words: str = ""
    level: int = 1
    label: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Plan:
    name: str
    title: str
    author: str
    language: str
    parts: tuple[Part, ...]
    middle: str


def h(level: int, words: str) -> Part:
    return Part("h", words, level)


def p(words: str) -> Part:
    return Part("p", words)


def li(label: str, words: str, level: int = 1) -> Part:
    return Part("li", words, level, label)


def n(words: str) -> Part:
    return Part("n", words)


def t(*rows: str) -> Part:
    return Part("t", rows=tuple(tuple(row.split("|")) for row in rows))


PLANS = (
    Plan(
        "harbour-dues",
        "Harbour Dues Order",
        "Ministry of Ports",
        "en",
        (
            h(1, "Dues for the use of the harbour"),
            p("Every vessel that berths in the harbour pays dues, which the harbour master sets each year."),
            h(2, "Vessels that pay nothing"),
            p("Vessels of the coast guard and of the fire service are exempt."),
            li("1.", "Fishing boats under eight metres are exempt in winter."),
            li("2.", "Rowing boats are exempt at all times."),
            h(2, "Rates"),
            p("The rates depend on the length of the vessel and on the nights that it stays."),
            t("Length|Rate a night|Deposit", "under 8 m|12 crowns|none", "8 to 15 m|30 crowns|100 crowns"),
            n("The rates were last raised when the quay was rebuilt."),
            h(1, "Disputes"),
            p("Whoever doubts a bill may ask the port tribunal to review it within thirty days."),
        ),
        "Fishing boats under eight metres are exempt in winter.",
    ),
    Plan(
        "wasserordnung",
        "Ordnung über das Grundwasser",
        "Amt für Gewässer",
        "de",
        (
            h(1, "Allgemeine Vorschriften"),
            p("Das Grundwasser ist vor jeder nachteiligen Veränderung zu schützen."),
            h(2, "Geltungsbereich"),
            p("Diese Ordnung gilt für alle Brunnen, die tiefer als zehn Meter reichen."),
            h(3, "Ausnahmen"),
            li("1.", "Löschwasserbrunnen der Gemeinden"),
            li("2.", "Brunnen, die nur der Messung dienen"),
            n("Messstellen sind dem Amt vor ihrer Errichtung zu melden."),
            h(1, "Erlaubnis"),
            p("Die Erlaubnis wird für höchstens fünfzehn Jahre erteilt und kann verlängert werden."),
            t("Tiefe|Gebühr", "bis 30 m|140 Euro", "über 30 m|260 Euro"),
        ),
        "Diese Ordnung gilt für alle Brunnen, die tiefer als zehn Meter reichen.",
    ),
    Plan(
        "bibliotecas",
        "Plan de bibliotecas rurales",
        "Consejería de Cultura",
        "es",
        (
            h(1, "Objetivos del plan"),
            p("El plan lleva libros y maestros a los pueblos que no tienen biblioteca propia."),
            li("1.", "Abrir veinte salas de lectura"),
            li("2.", "Formar a los voluntarios"),
            h(1, "Presupuesto"),
            h(2, "Gastos del primer año"),
            p("La mitad del presupuesto se destina a los autobuses que recorren la sierra."),
            t("Concepto|Importe", "Autobuses|90 000", "Libros|60 000"),
            h(2, "Gastos de los años siguientes"),
            p("Los gastos de los años siguientes se fijan cada otoño."),
            n("La cuantía exacta se publica en el boletín de la provincia."),
        ),
        "La mitad del presupuesto se destina a los autobuses que recorren la sierra.",
    ),
    Plan(
        "air-quality",
        "Air Quality in Schools",
        "Office of School Buildings",
        "en",
        (
            p("This note sums up what we learned from measuring the air in ninety classrooms."),
            h(1, "Methods"),
            p("Sensors hung on the wall beside the blackboard, out of the sun, for four weeks in spring."),
            h(1, "Findings"),
            p("In one room out of three the air was stale before the second lesson had ended."),
            h(2, "Old buildings"),
            p("Draughty windows did more for the air than the ventilators that had replaced them."),
            h(2, "New buildings"),
            p("Where the ventilation had been switched off to save power, values doubled."),
            t("Building|Rooms|Stale", "old|50|12", "new|40|18"),
            n("A room is called stale above fourteen hundred parts per million."),
            h(1, "Advice"),
            li("1.", "Open the windows between lessons."),
            li("2.", "Do not switch the ventilation off."),
            li("3.", "Tell the caretaker when the lamp is red."),
        ),
        "Draughty windows did more for the air than the ventilators that had replaced them.",
    ),
    Plan(
        "transports",
        "Rapport sur les transports de nuit",
        "Conseil des transports",
        "fr",
        (
            h(1, "Résumé"),
            p("Les bus de nuit transportent surtout des soignants et des boulangers."),
            h(1, "Fréquentation"),
            p("La ligne du fleuve a perdu un tiers de ses voyageurs depuis la fermeture du pont."),
            n("Le pont doit rouvrir au printemps."),
            h(2, "Horaires"),
            p("Un départ toutes les quarante minutes suffit en semaine."),
            li("1.", "Départ de la gare à minuit"),
            li("2.", "Retour du port à quatre heures"),
            t("Ligne|Voyageurs", "Fleuve|410", "Colline|380"),
            h(1, "Recommandations"),
            p("Le conseil recommande de relier les deux hôpitaux sans correspondance."),
        ),
        "La ligne du fleuve a perdu un tiers de ses voyageurs depuis la fermeture du pont.",
    ),
    Plan(
        "tenancy",
        "Guide to the Tenancy Code",
        "Housing Ombudsman",
        "en",
        (
            h(1, "Before you sign"),
            p("Read the inventory together with the landlord and note every scratch & stain < 5 cm."),
            h(2, "The deposit"),
            p("A deposit of more than two months' rent is void in so far as it exceeds them."),
            h(2, "Pets"),
            p("A clause that forbids “all animals” does not forbid a goldfish."),
            h(1, "While you live there"),
            h(2, "Repairs"),
            p("Tell the landlord in writing; small repairs up to eighty pounds are yours to pay."),
            t("Fault|Who pays", "dripping tap|tenant", "broken boiler|landlord"),
            h(1, "When you leave"),
            li("1.", "Give notice three months ahead."),
            li("2.", "Hand back every key."),
            n("Keys that were copied count as well."),
            p("The deposit is due back within four weeks."),
        ),
        "A clause that forbids “all animals” does not forbid a goldfish.",
    ),
)
