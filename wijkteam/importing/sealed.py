"""Which columns hold sealed values: what re-encryption and retiring a key have to look at."""

from typing import cast

from sqlalchemy import Table

from wijkteam.importing.model import DataImport
from wijkteam.storage.sealed import SealedColumn

SEALED_COLUMNS = (SealedColumn(cast(Table, DataImport.__table__), "content_sealed"),)
