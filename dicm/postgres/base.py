"""django-tenants' backend, which here takes a territory's role together with its schema.

Path and role go in one statement, once per switch, and are forgotten whenever PostgreSQL may have
forgotten them: on rollback, on rollback to a savepoint, on close (the parent resets
`search_path_set_schemas` in all three). The same statement says where one has arrived, so that no
request, task or page goes on anywhere but in its own territory's schema under its role.
"""

from django.conf import settings
from django.db.utils import InternalError
from django_tenants.postgresql_backend import base
from django_tenants.utils import quote_schema_name

from territories.tenancy import WrongTerritory, role_of


class DatabaseWrapper(base.DatabaseWrapper):
    """Runs under the role of the tenant it was given; under the owner for a bare schema name."""

    search_path_set_schemas: list[str] | None
    _setting_search_path: bool

    @property
    def role(self) -> str:
        """The role that the next statement runs under; 'none' is the connection's own user."""
        if not settings.DICM_ROLES or isinstance(self.tenant, base.FakeTenant):
            return "none"
        return role_of(self.schema_name, database=self.settings_dict["NAME"])

    def _handle_search_path(self, cursor=None):
        if self._setting_search_path or self.search_path_set_schemas:
            return
        path = self._get_cursor_search_paths()
        self._setting_search_path = True
        own = self.connection.cursor() if cursor is None else cursor
        try:
            own.execute(
                "SELECT set_config('search_path', %s, false), set_config('role', %s, false),"
                " current_schema(), current_user",
                [",".join(map(quote_schema_name, path)), self.role],
            )
            self._assert_arrived(*own.fetchone()[2:])
        except InternalError:
            # An aborted transaction accepts nothing but ROLLBACK, which is what comes next.
            self.search_path_set_schemas = None
        else:
            self.search_path_set_schemas = path
        finally:
            self._setting_search_path = False
            if cursor is None:
                own.close()

    def _assert_arrived(self, schema: str | None, user: str) -> None:
        """Schema and role are those of the tenant; a bare schema name may be of one that is only being made."""
        if isinstance(self.tenant, base.FakeTenant):
            return
        if schema != self.schema_name or self.role not in (user, "none"):
            raise WrongTerritory(f"meant to be in {self.schema_name}, is in {schema} as {user}")
