"""Staff lists as personnel systems export them: into the people, departments and roles of an organization."""

from crmcore.organization.spreadsheets.dates import DateOrder
from crmcore.organization.staff_lists.columns import FIELDS, Columns, columns_of, looks_like_staff
from crmcore.organization.staff_lists.importing import Imported, import_staff
from crmcore.organization.staff_lists.mappings import read_mapping, write_mapping

__all__ = [
    "FIELDS",
    "Columns",
    "DateOrder",
    "Imported",
    "columns_of",
    "import_staff",
    "looks_like_staff",
    "read_mapping",
    "write_mapping",
]
