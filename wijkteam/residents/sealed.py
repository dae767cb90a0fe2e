"""Which columns hold sealed values: what re-encryption and retiring a key have to look at."""

from typing import cast

from sqlalchemy import Table

from wijkteam.residents.model import Resident
from wijkteam.storage.sealed import SealedColumn

SEALED_COLUMNS = (SealedColumn(cast(Table, Resident.__table__), "bsn_sealed", "bsn_index"),)
