using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Measuring;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Scenarios;
using Gateway.LoadTests.Streams;

namespace Gateway.LoadTests.Table;

/// <summary>The figures of a gateway apart from its calls: records, starts, memory.</summary>
internal static class GatewayFigures
{
    private const int AuditedCalls = 200;

    public static readonly TableSource Stream = new([TableRows.Stream], StreamAsync);

    public static readonly TableSource Audit = new([TableRows.AuditBytes], AuditAsync);

    public static readonly TableSource Start = new([TableRows.Ready, TableRows.Idle], StartAsync);

    private static async Task<IReadOnlyList<Measured>> StreamAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var found = await StreamsMemory.RunAsync(
            new StreamsMemoryOptions { Gateway = options.Gateway, Before = options.Before, Rounds = options.Rounds },
            log, cancellationToken);
        var before = found.FirstOrDefault(
            static one => one.Name.StartsWith(Comparison.Before, StringComparison.Ordinal));
        return
        [
            new Measured(TableRows.Stream, found[0],
                before is null ? null : Series.Ratio("", found[0].Values, before.Values)),
        ];
    }

    private static async Task<IReadOnlyList<Measured>> AuditAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        log("bytes of the record of a call");
        List<double> bytes = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            await using var bench = await ScenarioBench.StartAsync(
                new ScenarioOptions { Gateway = options.Gateway }, ScenarioBench.Policy(1_000_000_000, "day"));
            var request = ScenarioBench.Request();
            using (var connection = new LoadConnection(bench.Targets[0]))
            {
                for (var call = 0; call < AuditedCalls; call++)
                {
                    var outcome = await connection.CallAsync(request, cancellationToken);
                    if (outcome != CallOutcome.Admitted)
                        throw new InvalidOperationException($"A call was {outcome}.");
                }
            }

            await bench.Gateways[0].StopAsync();
            bytes.Add(AuditBytes(Path.Combine(bench.DataDirectories[0], "audit")) / AuditedCalls);
        }

        return [new Measured(TableRows.AuditBytes, new("", bytes))];
    }

    // Lines of calls only: a gateway also records other events, such as its first inventory of a server.
    private static double AuditBytes(string folder) => Directory.EnumerateFiles(folder, "audit-*.jsonl")
        .SelectMany(File.ReadLines)
        .Where(static line => line.StartsWith("{\"kind\":\"decision\"", StringComparison.Ordinal)
            || line.StartsWith("{\"kind\":\"outcome\"", StringComparison.Ordinal))
        .Sum(static line => Encoding.UTF8.GetByteCount(line) + 1.0);

    private static async Task<IReadOnlyList<Measured>> StartAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        List<(double Seconds, double Megabytes)> after = [], before = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            log($"start and idle memory, round {round + 1} of {options.Rounds}");
            after.Add(await StartOnceAsync(Tools.Gateway(options.Gateway), cancellationToken));
            if (options.Before is { } other)
                before.Add(await StartOnceAsync(other, cancellationToken));
        }

        return
        [
            Row(TableRows.Ready, static one => one.Seconds),
            Row(TableRows.Idle, static one => one.Megabytes),
        ];

        Measured Row(string key, Func<(double Seconds, double Megabytes), double> figure)
        {
            double[] now = [.. after.Select(figure)];
            return new(key, new("", now),
                before.Count == 0 ? null : Series.Ratio("", now, before.Select(figure)));
        }
    }

    private static async Task<(double Seconds, double Megabytes)> StartOnceAsync(
        string program, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder("table-start-");
        var config = Path.Combine(folder.Path, "gateway.json");
        await File.WriteAllTextAsync(config, """
            {
              "servers": { "afip": { "url": "http://127.0.0.1:9/mcp" } },
              "policies": { "load": { "version": "1", "default": "deny", "tools": {} } },
              "grants": { "agent": { "server": "afip", "policy": "load", "token": "table-start-token-000001" } }
            }
            """, cancellationToken);
        using var gateway = await GatewayProcess.StartAsync(
            program, config, Path.Combine(folder.Path, "data"), [], 0, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        return (gateway.ReadyAfter.TotalSeconds, gateway.MemoryBytes / 1e6);
    }
}
