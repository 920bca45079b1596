"""What people type, brought into one form. Pure functions: no Django, no database, no guessing.

Each refuses what it cannot read with `BadValue`, whose English message id and parameters the page translates.
"""

from .addresses import Address, address, addresses
from .amounts import area, budget, discount, money, quantity, signed_money
from .communities import Community, community, community_key
from .dates import date, moment, precise
from .errors import BadValue
from .names import Name, kept_name, person_name, person_names, split_contact
from .phones import Phone, all_phones, apart, loose_phones, phone, phones, without_digits
from .sounds import homophones, initials, pinyin, sound
from .text import clean_text, code, csv_safe, excel_safe, fold, same_key, simplified

__all__ = [
    "Address", "BadValue", "Community", "Name", "Phone", "address", "addresses", "all_phones", "apart", "area", "budget", "clean_text",
    "community", "community_key", "csv_safe", "date", "discount", "excel_safe", "fold", "homophones", "initials", "kept_name", "loose_phones", "moment",
    "code", "money", "quantity", "person_name", "person_names", "phone", "phones", "pinyin", "precise", "same_key",
    "signed_money", "simplified", "sound", "split_contact", "without_digits",
]
