"""Static files under names that change with their content, compressed once, cached for ever."""

from servestatic.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names also inside ES modules' imports."""

    support_js_module_import_aggregation = True
