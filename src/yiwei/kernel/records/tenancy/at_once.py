"""An operation for first migrations: many models made with one rendering of the historic models.

Django renders the models anew after every operation, and since every model refers to the tenant, that is all of them: nine tenths
of a first start. Here the state takes all steps first, and the tables are then made as the last step leaves them.
"""

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """Makes new models, or adds fields, indexes and constraints, as one step. Only for migrations named `initial`."""

    reversible = False
    reduces_to_sql = True

    def __init__(self, operations):
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # what was rendered is rendered anew once, not after every step
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Tables come with the fields, indexes and constraints that later operations give them."""
        models = {name: to_state.apps.get_model(app_label, name) for name in to_state.apps.all_models[app_label]}
        new = {o.name_lower for o in self.operations if isinstance(o, CreateModel)}
        for name in (o.name_lower for o in self.operations if isinstance(o, CreateModel)):
            schema_editor.create_model(models[name])
        for operation in self.operations:
            if isinstance(operation, CreateModel) or operation.model_name_lower in new:
                continue
            self._add(operation, models[operation.model_name_lower], schema_editor)

    @staticmethod
    def _add(operation, model, schema_editor):
        if isinstance(operation, AddField):
            schema_editor.add_field(model, model._meta.get_field(operation.name))
        elif isinstance(operation, AddIndex):
            schema_editor.add_index(model, operation.index)
        elif isinstance(operation, AddConstraint):
            schema_editor.add_constraint(model, operation.constraint)
        else:
            raise TypeError(f"AtOnce cannot do {operation!r}")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        raise NotImplementedError("The first tables are not taken back.")

    def describe(self):
        return f"Make {len(self.operations)} things at once"
