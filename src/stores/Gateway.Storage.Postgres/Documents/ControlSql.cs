namespace Gateway.Storage.Postgres.Documents;

internal sealed class ControlSql(string schema)
{
    /// <summary>
    /// Notification channel of changes; the payload is the schema's name, because one database may hold several fleets.
    /// </summary>
    public const string Channel = "gateway_control";

    /// <summary>
    /// Reads everything in one statement, which sees one state, so that all documents match the revision.
    /// </summary>
    public string Read { get; } =
        $"SELECT r.revision, d.kind, d.name, d.version, d.content FROM {schema}.control_revision r "
        + $"LEFT JOIN {schema}.control_documents d ON true";

    public string Change { get; } =
        $"SELECT is_written, version FROM {schema}.change_control_document($1, $2, $3, $4)";

    public string Revision { get; } = $"SELECT revision FROM {schema}.control_revision";

    public string Keep { get; } =
        $"INSERT INTO {schema}.control_archive VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    /// <summary>Deletes all but the latest entries; the second parameter is their number.</summary>
    public string DropOld { get; } =
        $"DELETE FROM {schema}.control_archive WHERE shelf = $1 AND number <= ("
        + $"SELECT number FROM {schema}.control_archive WHERE shelf = $1 ORDER BY number DESC OFFSET $2 LIMIT 1)";

    public string Put { get; } =
        $"INSERT INTO {schema}.control_archive VALUES ($1, $2, $3) "
        + "ON CONFLICT (shelf, number) DO UPDATE SET content = EXCLUDED.content";

    public string DropLess { get; } = $"DELETE FROM {schema}.control_archive WHERE shelf = $1 AND number < $2";

    public string ListKept { get; } =
        $"SELECT number, length(content), encode(sha256(content), 'hex') FROM {schema}.control_archive "
        + "WHERE shelf = $1 ORDER BY number DESC";

    public string ReadKept { get; } =
        $"SELECT number, content FROM {schema}.control_archive WHERE shelf = $1 AND number = ANY ($2)";

    public string Listen { get; } = $"LISTEN {Channel}";
}
