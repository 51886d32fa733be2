"""What the made workbooks and delimited files hold, before any format."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

__all__ = ["BOOKS", "Book", "Sheet", "Value", "shown"]

Value = str | int | float | dt.date | None


@dataclass(frozen=True)
class Sheet:
    """head: the names of columns; () for a sheet of lines."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    above: str = ""
    hidden: bool = False

    @property
    def paragraphs(self) -> list[str]:
        """What a reader makes of the rows."""
        lines = [self.above] if self.above else []
        for row in self.rows:
            cells = [
                (name, value) for name, value in zip(self.head or row, row, strict=False) if value is not None
            ]
            if self.head and len(cells) > 1:
                lines.append("; ".join(f"{name}: {shown(value)}" for name, value in cells))
            else:
                lines.append("; ".join(shown(value) for _, value in cells))
        return lines


@dataclass(frozen=True)
class Book:
    name: str
    sheets: tuple[Sheet, ...]
    middle: str


def shown(value: Value) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


BOOKS = (
    Book(
        "grants",
        (
            Sheet(
                "Awards",
                ("Recipient", "Awarded", "Crowns", "Purpose"),
                (
                    ("Museum of Salt", dt.date(2021, 3, 9), 120000, "Repair of the pan house roof"),
                    ("Reed Choir", dt.date(2021, 5, 30), 8500.5, "Travel; two concerts"),
                    ("Lamp Society", dt.date(2022, 1, 17), 15000, "Lanterns for the winter walk"),
                ),
                above="Grants of the culture fund",
            ),
            Sheet("Notes", (), (("Awards under five hundred crowns are not listed.",),)),
        ),
        "Lanterns for the winter walk",
    ),
    Book(
        "pegel",
        (
            Sheet(
                "Pegelstände",
                ("Messstelle", "Höhe (cm)", "Tag"),
                (("Brücke", 212, dt.date(2020, 2, 29)), ("Mühle", 187, dt.date(2020, 3, 1))),
            ),
            Sheet(
                "Interne Liste",
                ("Name", "Dienst"),
                (("Ulla", "Frühdienst"), ("Jörg", "Spätdienst")),
                hidden=True,
            ),
        ),
        "Mühle",
    ),
    Book(
        "budget",
        (
            Sheet(
                "Ausgaben",
                ("Posten", "2019", "2020"),
                (("Straßen", 12, 14), ("Schulen", 20, 21), ("Brücken", None, 9)),
            ),
        ),
        "Schulen",
    ),
    Book(
        "permits",
        (
            Sheet(
                "Permits",
                ("Holder", "Activity", "Condition"),
                (
                    ("Oak Farm", "takes water", "no more than forty litres a minute"),
                    ("Mill Ltd", "discharges water", "cooled below twenty degrees"),
                    ("Baths", "takes water", "only at night"),
                ),
            ),
        ),
        "cooled below twenty degrees",
    ),
    Book(
        "censo",
        (
            Sheet(
                "Municipios",
                ("Municipio", "Habitantes", "Extensión"),
                (("Alcorba", 1204, 88.25), ("Peñalén", 311, 140), ("Río Seco", 95, 61.5)),
                above="Censo de la comarca",
            ),
        ),
        "Peñalén",
    ),
    Book(
        "hearings",
        (
            Sheet(
                "Hearings",
                ("Day", "Subject", "Present"),
                (
                    (dt.date(2023, 4, 3), "Noise at the ferry landing", 41),
                    (dt.date(2023, 4, 24), "Lighting of the dyke path, and its cost", 17),
                ),
            ),
            Sheet("Speakers", ("Name", "Minutes"), (("A. Holt", 12), ("B. Marsh", 7))),
        ),
        "Lighting of the dyke path, and its cost",
    ),
)
