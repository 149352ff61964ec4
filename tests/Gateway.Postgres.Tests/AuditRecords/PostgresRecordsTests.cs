using Gateway.Audit.Reading;
using Gateway.Audit.Shipping;
using Gateway.Storage.Postgres.AuditRecords;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Npgsql;

namespace Gateway.Postgres.Tests.AuditRecords;

/// <summary>
/// The table of all gateways' records: what is brought twice stands there once, and can be asked for.
/// </summary>
[Collection(DatabaseCollection.Name)]
public sealed class PostgresRecordsTests(SharedDatabase shared) : IAsyncLifetime
{
    private static int _databases;
    private NpgsqlConnectionStringBuilder _database = null!;
    private AuditSinkOptions _options = null!;

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Folder is null)
            return;
        var name = $"audit_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(shared.Address.ToConnection().ConnectionString);
        await connection.OpenAsync();
        await using var make = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await make.ExecuteNonQueryAsync();
        var url = shared.Url[..shared.Url.LastIndexOf('/')] + "/" + name;
        _database = PostgresAddress.Parse(url).ToConnection();
        _options = new AuditSinkOptions("all", AuditSinkKind.Postgres, url, true);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [ClusterFact]
    public async Task Gateways_that_begin_at_once_and_send_again_leave_each_record_once()
    {
        var batches = Enumerable.Range(0, 4).Select(writer => Enumerable.Range(0, 50).Select(i => Record(
            $"writer{writer}", i, $"2026-11-{10 + (i % 3):00}T10:00:{i:00}.000Z", $"bot{i % 2}")).ToArray()).ToList();

        await Task.WhenAll(batches.Select(async batch =>
        {
            await using var transport = new PostgresTransport(_options, TimeProvider.System);
            for (var tries = 0; tries < 3; tries++)
                Assert.Equal(ShipResult.Taken, await transport.SendAsync(batch, CancellationToken.None));
        }));

        Assert.Equal(200L, await AskAsync("SELECT count(*) FROM gateway_audit.records"));
        Assert.Equal(3L, await AskAsync("SELECT count(*) FROM pg_inherits WHERE inhparent = "
            + "'gateway_audit.records'::regclass"));
        Assert.Equal(
            Encoding.UTF8.GetString(batches[2][7].Line.Span),
            await AskAsync("SELECT record FROM gateway_audit.records WHERE writer = 'writer2' AND place = 7"));
    }

    [ClusterFact]
    public async Task Pages_forwards_and_backwards_have_every_record_that_is_wanted_once_and_in_order()
    {
        // Several at the same instant, of several writers.
        var all = Enumerable.Range(0, 60).Select(i => Record(
            $"w{i % 3}", i, $"2026-11-20T10:00:{i / 4:00}.000Z", i % 4 == 0 ? "other" : "bot")).ToList();
        await SendAsync(all);
        await using var records = new PostgresRecords(_options);
        var query = Query(("grant", "bot"), ("from", "2026-11-20T10:00:01Z"), ("to", "2026-11-20T10:00:14Z"));
        var wanted = all.Where(static record => record.At.Offset % 4 != 0 && record.At.Offset is >= 4 and < 56)
            .Select(static record => (int)record.At.Offset).ToList();

        var forwards = new List<int>();
        string? cursor = null;
        for (var more = true; more;)
        {
            var page = await records.ReadAsync(query, cursor, 7, CancellationToken.None);
            forwards.AddRange(page.Items.Select(Number));
            (cursor, more) = (page.Next, page.More);
        }

        var backwards = new List<int>();
        string? before = null;
        do
        {
            var page = await records.TailAsync(query, 7, before, CancellationToken.None);
            backwards.InsertRange(0, page.Items.Select(Number));
            before = page.Earlier;
        }
        while (before is not null);

        Assert.Equal(wanted, forwards.Order());
        Assert.Equal(forwards, backwards);
        Assert.Equal(forwards.Select(static n => n / 4), forwards.Select(static n => n / 4).Order());
        var counted = await records.TailAsync(query, 0, null, CancellationToken.None);
        Assert.Equal((wanted.Count, "all"), ((int)counted.Matched, counted.Shared));
    }

    [ClusterFact]
    public async Task What_an_agent_can_write_into_a_record_is_found_again()
    {
        var odd = "a\0b'; DROP TABLE x; --é\uD83D\uDE00";
        await SendAsync([Record("w", 1, "2026-11-20T10:00:00.000Z", odd), Record("w", 2, "nonsense", "bot")]);
        await using var records = new PostgresRecords(_options);

        var page = await records.ReadAsync(Query(("grant", odd)), null, 10, CancellationToken.None);

        Assert.Equal(odd, Assert.Single(page.Items).GetProperty("grant").GetString());
        Assert.Equal("1970-01-01", await AskAsync("SELECT day::text FROM gateway_audit.records WHERE place = 2"));
    }

    [ClusterFact]
    public async Task Days_that_are_over_for_long_enough_are_dropped_and_no_others()
    {
        await SendAsync([.. Enumerable.Range(0, 5).Select(days => Record(
            "w", days,
            TimeProvider.System.GetUtcNow().AddDays(-days).ToString(
                "yyyy-MM-dd'T'12:00:00.000'Z'", CultureInfo.InvariantCulture),
            "bot"))]);
        await AskAsync("CREATE TABLE gateway_audit.records_kept PARTITION OF gateway_audit.records "
            + "FOR VALUES FROM ('2001-01-01') TO ('2001-01-02')");

        await using (var transport = new PostgresTransport(
            _options with { Retention = TimeSpan.FromDays(2) }, TimeProvider.System))
        {
            await transport.SendAsync(
                [Record("w", 9, "2026-01-01T00:00:00.000Z", "bot")], CancellationToken.None);
            // What was dropped a moment ago is made again for a record of that day.
            Assert.Equal(ShipResult.Taken, await transport.SendAsync(
                [Record("w", 10, "2026-01-01T00:00:00.000Z", "bot")], CancellationToken.None));
        }

        Assert.Equal("0,1,2,10", await AskAsync(
            "SELECT string_agg(place::text, ',' ORDER BY place) FROM gateway_audit.records"));
        Assert.Equal(
            "gateway_audit.records_kept", await AskAsync("SELECT 'gateway_audit.records_kept'::regclass::text"));
    }

    [ClusterFact]
    public async Task Goes_on_where_an_administrator_dropped_a_partition_that_it_had_made()
    {
        await using var transport = new PostgresTransport(_options, TimeProvider.System);
        ShippedRecord[] one = [Record("w", 1, "2026-11-20T10:00:00.000Z", "bot")];
        await transport.SendAsync(one, CancellationToken.None);
        await AskAsync("DROP TABLE gateway_audit.records_20261120");

        Assert.Contains("no partition", (await transport.SendAsync(one, CancellationToken.None)).Problem,
            StringComparison.Ordinal);
        Assert.Equal(ShipResult.Taken, await transport.SendAsync(one, CancellationToken.None));
    }

    [ClusterFact]
    public async Task A_user_without_the_right_to_create_schemas_gets_the_statement_to_run_and_then_continues()
    {
        await AskAsync("CREATE ROLE auditor LOGIN PASSWORD 'q@ss'");
        var passwords = Path.GetTempFileName();
        await File.WriteAllTextAsync(passwords, "q@ss\n");
        var options = _options with
        {
            Url = $"postgres://auditor@{_database.Host}:{_database.Port}/{_database.Database}",
            TokenFile = passwords,
        };
        ShippedRecord[] one = [Record("w", 1, "2026-11-20T10:00:00.000Z", "bot")];
        await using var transport = new PostgresTransport(options, TimeProvider.System);
        await using var records = new PostgresRecords(options);

        var refused = await transport.SendAsync(one, CancellationToken.None);
        var empty = await Assert.ThrowsAsync<IOException>(
            () => records.TailAsync(Query(), 5, null, CancellationToken.None));
        await AskAsync("CREATE SCHEMA gateway_audit AUTHORIZATION auditor");

        Assert.Contains("CREATE SCHEMA gateway_audit AUTHORIZATION", refused.Problem, StringComparison.Ordinal);
        Assert.Contains("has no records yet", empty.Message, StringComparison.Ordinal);
        Assert.Equal(ShipResult.Taken, await transport.SendAsync(one, CancellationToken.None));
        Assert.Single((await records.TailAsync(Query(), 5, null, CancellationToken.None)).Items);
        File.Delete(passwords);
    }

    [ClusterFact]
    public async Task A_database_that_is_away_is_a_reason_without_a_password()
    {
        var proxy = new TcpProxy(shared.Cluster.Port) { Mode = ProxyMode.Refuse };
        await using var _ = proxy;
        var away = _options with { Url = shared.Cluster.Url(proxy.Port) };
        await using var transport = new PostgresTransport(away, TimeProvider.System);
        await using var records = new PostgresRecords(away);

        var result = await transport.SendAsync(
            [Record("w", 1, "2026-11-20T10:00:00.000Z", "bot")], CancellationToken.None);
        var failure = await Assert.ThrowsAsync<IOException>(
            () => records.ReadAsync(Query(), null, 5, CancellationToken.None));

        Assert.Contains("cannot be reached", result.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("p@ss", result.Problem + failure, StringComparison.Ordinal);
    }

    private static int Number(JsonElement record) => record.GetProperty("n").GetInt32();

    private static ShippedRecord Record(string writer, int place, string time, string grant) => new(
        writer, new ShipCursor(1, place), JsonSerializer.SerializeToUtf8Bytes(new
        {
            kind = "decision",
            time,
            n = place,
            grant,
        }));

    private static AuditQuery Query(params (string Name, string Value)[] wanted) => AuditQuery.Read(
        new QueryCollection(wanted.ToDictionary(static one => one.Name, static one => new StringValues(one.Value))),
        out _)!;

    private async Task SendAsync(IReadOnlyList<ShippedRecord> records)
    {
        await using var transport = new PostgresTransport(_options, TimeProvider.System);
        foreach (var batch in records.GroupBy(static record => record.Writer))
            Assert.Equal(ShipResult.Taken, await transport.SendAsync([.. batch], CancellationToken.None));
    }

    private async Task<object?> AskAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
