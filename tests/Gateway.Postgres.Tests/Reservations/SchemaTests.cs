namespace Gateway.Postgres.Tests.Reservations;

[Collection(DatabaseCollection.Name)]
public sealed class SchemaTests(SharedDatabase shared)
{
    [PostgresFact]
    public async Task Processes_that_start_at_once_make_one_schema()
    {
        var options = shared.NewOptions();
        var databases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SharedDatabase.OpenAsync(options)));
        Assert.Equal(
            SchemaSql.Steps.Count,
            await SharedDatabase.AskAsync(options, $"SELECT version FROM {options.Schema}.schema_version"));
        foreach (var database in databases) await database.DisposeAsync();
    }

    [PostgresFact]
    public async Task An_older_schema_is_brought_up_to_date_with_what_it_holds()
    {
        var options = shared.NewOptions();
        await SharedDatabase.AskAsync(options, $"""
            CREATE SCHEMA {options.Schema};
            CREATE TABLE {options.Schema}.schema_version (
                only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version integer NOT NULL);
            INSERT INTO {options.Schema}.schema_version (version) VALUES (1);
            """ + SchemaSql.Steps[0].Replace("{0}", options.Schema, StringComparison.Ordinal));
        await SharedDatabase.AskAsync(options, $"UPDATE {options.Schema}.reservation_floor SET floor_ms = 7");

        await using var database = await SharedDatabase.OpenAsync(options);
        Assert.Equal(
            7L, await SharedDatabase.AskAsync(options, $"SELECT floor_ms FROM {options.Schema}.reservation_floor"));
        Assert.Equal(
            0L, await SharedDatabase.AskAsync(options, $"SELECT revision FROM {options.Schema}.control_revision"));
    }

    [PostgresFact]
    public async Task The_archive_comes_to_a_schema_of_before_and_locks_no_older_release_out()
    {
        var options = shared.NewOptions();
        await (await SharedDatabase.OpenAsync(options)).DisposeAsync();
        await SharedDatabase.AskAsync(options, $"DROP TABLE {options.Schema}.control_archive");

        await (await SharedDatabase.OpenAsync(options)).DisposeAsync();

        Assert.Equal(0L, await SharedDatabase.AskAsync(
            options, $"SELECT count(*) FROM {options.Schema}.control_archive"));
        Assert.Equal(3, await SharedDatabase.AskAsync(options, $"SELECT version FROM {options.Schema}.schema_version"));
    }

    [PostgresFact]
    public async Task A_newer_schema_is_refused()
    {
        var options = shared.NewOptions();
        await (await SharedDatabase.OpenAsync(options)).DisposeAsync();
        await SharedDatabase.AskAsync(options, $"UPDATE {options.Schema}.schema_version SET version = 99");
        var refusal = await Assert.ThrowsAsync<PostgresStoreException>(() => SharedDatabase.OpenAsync(options));
        Assert.Contains("version 99", refusal.Message, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task A_wrong_password_ends_the_start_and_is_not_repeated()
    {
        var url = shared.Cluster.Url().Replace("gateway:", "gateway:wr0ng-", StringComparison.Ordinal);
        var options = shared.NewOptions() with { Address = PostgresAddress.Parse(url) };
        var refusal = await Assert.ThrowsAsync<PostgresStoreException>(() => SharedDatabase.OpenAsync(options));
        Assert.EndsWith("(28P01). Check PGPASSWORD or ~/.pgpass.", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", refusal.ToString(), StringComparison.Ordinal);
    }
}
