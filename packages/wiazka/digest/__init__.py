"""The digest: once a day what needs somebody, once a week that all is well."""
