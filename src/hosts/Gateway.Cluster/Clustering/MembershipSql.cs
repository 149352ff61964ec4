namespace Gateway.Cluster.Clustering;

/// <summary>
/// The membership table in PostgreSQL, and the queries that Orleans' AdoNet provider looks up by name in
/// <c>OrleansQuery</c> and runs with its own parameter names. Both tables have primary keys. A cluster's version is
/// compared and raised in the same statement that changes a silo.
/// </summary>
internal static class MembershipSql
{
    public const string Schema = "gateway_cluster";

    /// <summary>Creates the tables unless they exist.</summary>
    public const string Tables = $"""
        CREATE SCHEMA IF NOT EXISTS {Schema};
        CREATE TABLE IF NOT EXISTS {Schema}.OrleansQuery (
            QueryKey text PRIMARY KEY,
            QueryText text NOT NULL);
        CREATE TABLE IF NOT EXISTS {Schema}.cluster (
            id text PRIMARY KEY,
            version integer NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS {Schema}.silo (
            cluster text NOT NULL REFERENCES {Schema}.cluster (id) ON DELETE CASCADE,
            address text NOT NULL,
            port integer NOT NULL,
            generation integer NOT NULL,
            name text NOT NULL,
            host text NOT NULL,
            status integer NOT NULL,
            client_port integer NOT NULL,
            suspects text NULL,
            started timestamptz NOT NULL,
            alive timestamptz NOT NULL,
            PRIMARY KEY (cluster, address, port, generation));
        CREATE UNLOGGED TABLE IF NOT EXISTS {Schema}.clock (
            cluster text NOT NULL,
            name text NOT NULL,
            is_member boolean NOT NULL,
            ahead_ms bigint NOT NULL,
            told timestamptz NOT NULL,
            PRIMARY KEY (cluster, name));
        """;

    private const string Columns = """
        c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName,
        s.host AS HostName, s.status AS Status, s.client_port AS ProxyPort, s.suspects AS SuspectTimes,
        s.started AS StartTime, s.alive AS IAmAliveTime
        """;

    private const string ThisSilo =
        "s.cluster = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation";

    private const string RaiseVersion = $"""
        WITH raised AS (
            UPDATE {Schema}.cluster SET version = version + 1 WHERE id = @DeploymentId AND version = @Version
            RETURNING id)
        """;

    /// <summary>
    /// Stores by how much a silo's clock is ahead of the database's, and reads the members' values and the database's
    /// clock. Values that are older than an hour are deleted.
    /// </summary>
    public const string Clocks = $"""
        WITH told AS (
            INSERT INTO {Schema}.clock (cluster, name, is_member, ahead_ms, told)
            SELECT $1, $2, $3, $4, clock_timestamp() WHERE $4 IS NOT NULL
            ON CONFLICT (cluster, name) DO UPDATE
                SET is_member = excluded.is_member, ahead_ms = excluded.ahead_ms, told = excluded.told),
        forgotten AS (
            DELETE FROM {Schema}.clock WHERE told < clock_timestamp() - interval '1 hour' AND name <> $2)
        SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
            ARRAY(SELECT ahead_ms FROM {Schema}.clock WHERE cluster = $1 AND name <> $2 AND is_member
                AND told > clock_timestamp() - interval '3 seconds')
        """;

    /// <summary>The queries by the names that the provider uses.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["GatewaysQueryKey"] = $"""
            SELECT address AS Address, client_port AS ProxyPort, generation AS Generation FROM {Schema}.silo
            WHERE cluster = @DeploymentId AND status = @Status AND client_port > 0
            """,
        ["MembershipReadRowKey"] = $"""
            SELECT {Columns} FROM {Schema}.cluster c LEFT JOIN {Schema}.silo s ON {ThisSilo} WHERE c.id = @DeploymentId
            """,
        ["MembershipReadAllKey"] = $"""
            SELECT {Columns} FROM {Schema}.cluster c LEFT JOIN {Schema}.silo s ON s.cluster = c.id
            WHERE c.id = @DeploymentId
            """,
        ["InsertMembershipVersionKey"] = $"""
            WITH made AS (
                INSERT INTO {Schema}.cluster (id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING id)
            SELECT count(*) > 0 FROM made
            """,
        ["UpdateIAmAlivetimeKey"] = $"UPDATE {Schema}.silo s SET alive = @IAmAliveTime WHERE {ThisSilo}",
        ["InsertMembershipKey"] = $"""
            {RaiseVersion}, added AS (
                INSERT INTO {Schema}.silo
                    (cluster, address, port, generation, name, host, status, client_port, started, alive)
                SELECT id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime,
                    @IAmAliveTime FROM raised
                ON CONFLICT DO NOTHING RETURNING cluster)
            SELECT count(*) > 0 FROM added
            """,
        ["UpdateMembershipKey"] = $"""
            {RaiseVersion}, changed AS (
                UPDATE {Schema}.silo s SET status = @Status, suspects = @SuspectTimes, alive = @IAmAliveTime
                FROM raised WHERE {ThisSilo} RETURNING s.cluster)
            SELECT count(*) > 0 FROM changed
            """,
        ["DeleteMembershipTableEntriesKey"] = $"DELETE FROM {Schema}.cluster WHERE id = @DeploymentId",
        ["CleanupDefunctSiloEntriesKey"] = $"""
            DELETE FROM {Schema}.silo WHERE cluster = @DeploymentId AND alive < @IAmAliveTime AND status = 6
            """,
    };
}
