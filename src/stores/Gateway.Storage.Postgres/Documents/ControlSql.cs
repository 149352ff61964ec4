namespace Gateway.Storage.Postgres.Documents;

/// <summary>The statements of the control store.</summary>
internal sealed class ControlSql(string schema)
{
    /// <summary>Each change notifies on this, with the schema's name; one database may hold several fleets.</summary>
    public const string Channel = "gateway_control";

    /// <summary>One statement sees one state: all documents are of the revision beside them.</summary>
    public string Read { get; } =
        $"SELECT r.revision, d.kind, d.name, d.version, d.content FROM {schema}.control_revision r "
        + $"LEFT JOIN {schema}.control_documents d ON true";

    public string Change { get; } =
        $"SELECT is_written, version FROM {schema}.change_control_document($1, $2, $3, $4)";

    public string Revision { get; } = $"SELECT revision FROM {schema}.control_revision";

    public string Listen { get; } = $"LISTEN {Channel}";
}
