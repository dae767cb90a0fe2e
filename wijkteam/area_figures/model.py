"""The table of objective figures."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


class AreaFigure(Table):
    """One published figure of one area in one year. It is of no household: anybody may know it."""

    __tablename__ = "area_figure"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    """By CBS: GM, WK or BU with its signs."""
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the division into areas too: codes change from year to year."""
    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[float]
