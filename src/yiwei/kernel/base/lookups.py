"""`pk__any`: the row's id is one of a list or of a query's, looked up in an index.

`pk__in` with a query inside an OR makes PostgreSQL walk the whole table and guess that half of it fits; with `pk__any`
the ids are fetched first, and every arm of the OR is answered by its own index.
"""

from django.db.models import BigAutoField, Lookup
from django.db.models.sql import Query


@BigAutoField.register_lookup
class Any(Lookup):
    lookup_name = "any"
    prepare_rhs = False

    def get_prep_lookup(self):
        if isinstance(self.rhs, Query):
            self.rhs.clear_ordering(clear_default=True)
            if not self.rhs.has_select_fields:
                self.rhs.clear_select_clause()
                self.rhs.add_fields(["pk"])
            return self.rhs
        return list(self.rhs)

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        of = f"array{right}" if isinstance(self.rhs, Query) else f"{right}::bigint[]"
        return f"{left} = any({of})", (*left_params, *right_params)
