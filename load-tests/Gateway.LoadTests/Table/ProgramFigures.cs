using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Table;

/// <summary>The figures that other programs of this tree measure: benchmarks, and tests over a database.</summary>
internal static class ProgramFigures
{
    private const int Callers = 64;
    private const string Benchmarks = "load-tests/Gateway.Benchmarks";
    private const string ClusterTests = "tests/Gateway.Cluster.Tests";
    private const string PostgresTests = "tests/Gateway.Postgres.Tests";

    private static readonly string[] Clusters =
        [TableRows.ClusterOne, TableRows.ClusterThousand, TableRows.ClusterMany];

    public static readonly TableSource Hot = new([TableRows.Hot],
        (options, log, ended) => EngineAsync(TableRows.Hot, "*HotCounter.Admit", log, ended));

    public static readonly TableSource Million = new([TableRows.Million],
        (options, log, ended) => EngineAsync(TableRows.Million, "*MillionCounters.Admit", log, ended));

    public static readonly TableSource Memory = new([TableRows.CounterBytes], MemoryAsync);

    public static readonly TableSource Cluster = new([.. Clusters, TableRows.SiloBytes], ClusterAsync);

    public static readonly TableSource Fleet = new([TableRows.Fleet], FleetAsync);

    /// <summary>Returns every iteration in a report of BenchmarkDotNet, in millions per second.</summary>
    public static Series MillionsASecond(string report)
    {
        using var parsed = JsonDocument.Parse(report);
        var statistics = parsed.RootElement.GetProperty("Benchmarks")[0].GetProperty("Statistics");
        return new("", [.. statistics.GetProperty("OriginalValues").EnumerateArray()
            .Select(static one => 1e3 / one.GetDouble())]);
    }

    /// <summary>Returns the number after a text; null if it is missing.</summary>
    public static double? Number(string printed, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern) =>
        Regex.Match(printed, pattern) is { Success: true } match
            ? double.Parse(match.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture)
            : null;

    private static async Task<IReadOnlyList<Measured>> EngineAsync(
        string key, string filter, Action<string> log, CancellationToken cancellationToken)
    {
        log($"{filter}: 30 iterations");
        using var folder = new TestFolder("table-");
        await DotnetAsync(
            ["run", "-c", "Release", "--project", Benchmarks, "--", "--filter", filter, "--exporters", "fulljson",
                "--artifacts", folder.Path], cancellationToken);
        var report = Directory.EnumerateFiles(folder.Path, "*report-full.json", SearchOption.AllDirectories).Single();
        return [new Measured(key, MillionsASecond(await File.ReadAllTextAsync(report, cancellationToken)))];
    }

    private static async Task<IReadOnlyList<Measured>> MemoryAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        List<double> bytes = [];
        await BuildAsync(Benchmarks, cancellationToken);
        for (var round = 0; round < options.Rounds; round++)
        {
            log($"memory of a counter, round {round + 1} of {options.Rounds}");
            var printed = await DotnetAsync(
                ["run", "-c", "Release", "--no-build", "--project", Benchmarks, "--", "memory"], cancellationToken);
            bytes.Add(Needed(printed, @"in use: (\d+) bytes"));
        }

        return [new Measured(TableRows.CounterBytes, new("", bytes))];
    }

    private static async Task<IReadOnlyList<Measured>> ClusterAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var ratios = Clusters.Select(static _ => new List<double>()).ToArray();
        List<double> bytes = [];
        await BuildAsync(ClusterTests, cancellationToken);
        for (var round = 0; round < options.Rounds; round++)
        {
            log($"a silo beside Redis, round {round + 1} of {options.Rounds}");
            if (await Decisions.RedisAsync(Callers) is not { } redis)
                return [];
            var printed = await DotnetAsync(
                ["test", ClusterTests, "-c", "Release", "--no-build", "--nologo", "--filter", "RateTests",
                    "--logger", "console;verbosity=detailed"], cancellationToken);
            ratios[0].Add(Needed(printed, @"\b1 counters: ([\d,]+) decisions") / redis);
            ratios[1].Add(Needed(printed, @"\b1000 counters: ([\d,]+) decisions") / redis);
            ratios[2].Add(Needed(printed, @"\b100000 counters: ([\d,]+) decisions") / redis);
            bytes.Add(Needed(printed, @"\b100000 counters: first call of each in \d+ ms, (-?\d+) bytes"));
        }

        return
        [
            .. Clusters.Zip(ratios, static (key, found) => new Measured(key, new("", found))),
            new Measured(TableRows.SiloBytes, new("", bytes)),
        ];
    }

    private static async Task<IReadOnlyList<Measured>> FleetAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        List<double> ratios = [];
        await BuildAsync(PostgresTests, cancellationToken);
        for (var round = 0; round < options.Rounds; round++)
        {
            log($"a fleet on PostgreSQL, round {round + 1} of {options.Rounds}");
            var printed = await DotnetAsync(
                ["run", "-c", "Release", "--no-build", "--project", PostgresTests, "--", "figures",
                    $"{options.Turn.TotalSeconds:0}", "decisions", "usual"], cancellationToken);
            ratios.Add(Needed(printed, @"(?m)^ +1 +10000 +64 +(\d+) ")
                / Needed(printed, @"one write a call, 10000 counters, .*: (\d+) admitted"));
        }

        return [new Measured(TableRows.Fleet, new("", ratios))];
    }

    private static double Needed(string printed, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern) =>
        Number(printed, pattern) ?? throw new InvalidOperationException($"No figure in: {printed}");

    private static Task<string> BuildAsync(string project, CancellationToken cancellationToken) =>
        DotnetAsync(["build", project, "-c", "Release", "-nologo", "-v", "q"], cancellationToken);

    private static async Task<string> DotnetAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        start.Environment["GATEWAY_FULL"] = "1";
        using var process = Process.Start(start)!;
        var printed = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? printed
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}: {printed}");
    }
}
