using System.CommandLine;
using System.Security.Cryptography;

namespace Gateway.Faults;

/// <summary>The command line of the program.</summary>
internal static class FaultsCommand
{
    private const int Usage = 2;

    private static readonly Option<string> Duration = new("--duration")
    {
        Description = "For how long agents call, such as 90s, 2m, 1h; starting and checking come on top.",
        DefaultValueFactory = _ => "2m",
    };

    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Decides what is called and what is struck.",
        DefaultValueFactory = _ => RandomNumberGenerator.GetInt32(1_000_000),
    };

    private static readonly Option<double> Rate = new("--rate")
    {
        Description = "Calls a second that a fleet's agents attempt.",
        DefaultValueFactory = _ => 100,
    };

    private static readonly Option<string[]> Fleet = new("--fleet")
    {
        Description = "\"postgres\", \"journal\", \"cluster\", \"azure\", or several. Default: all that can run here.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Cluster = new("--cluster")
    {
        Description = "gateway-cluster.dll; by default where a build of this repository puts it.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Skip = new("--skip")
    {
        Description = "A phase that is left out, by its name in the report; may be given several times.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> NoPlants = new("--no-plants")
    {
        Description = "Plants no faults in histories and set-ups.",
    };

    private static readonly Option<bool> NoTimes = new("--no-times")
    {
        Description = "Reports what came back late without failing for it: for a machine that does other work.",
    };

    private static readonly Option<string?> Report = new("--report")
    {
        Description = "Writes the report there too.",
        HelpName = "FILE",
    };

    public static RootCommand Create()
    {
        Fleet.AcceptOnlyFromAmong("postgres", "journal", "cluster", "azure");
        var command = new RootCommand(
            "Puts real fleets under faults and checks all that was seen.\n\nExample:\n"
            + "  dotnet run --project tests/Gateway.Faults -- --duration 60m --report faults.md")
        {
            Duration, Seed, Rate, Fleet, Cluster, Skip, NoPlants, NoTimes, Report,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!TryRead(parsed.GetValue(Duration)!, out var duration))
        {
            await Console.Error.WriteLineAsync($"--duration {parsed.GetValue(Duration)}: give 90s, 2m or 1h");
            return Usage;
        }

        var program = parsed.GetValue(Cluster) ?? FindCluster();
        var fleets = parsed.GetValue(Fleet)!
            .Select(name => Enum.Parse<FleetKind>(name, ignoreCase: true)).Distinct().ToList();
        if (fleets.Count == 0) fleets = [.. Enum.GetValues<FleetKind>().Where(kind => Missing(kind, program) is null)];
        foreach (var kind in Enum.GetValues<FleetKind>())
        {
            if (Missing(kind, program) is not { } missing) continue;
            Console.WriteLine($"-- {kind} is left out: {missing}");
            if (fleets.Contains(kind)) return Usage;
        }

        return await new Run(new RunOptions
        {
            Duration = duration,
            Seed = parsed.GetValue(Seed),
            CallsPerSecond = parsed.GetValue(Rate),
            Fleets = fleets,
            Skipped = parsed.GetValue(Skip)!,
            ClusterProgram = program,
            Plants = !parsed.GetValue(NoPlants),
            ChecksTimes = !parsed.GetValue(NoTimes),
            ReportFile = parsed.GetValue(Report),
            Missing = Requirements.AreAll ? [.. MissingHere()] : [],
        }).RunAsync(cancellationToken);
    }

    /// <summary>Returns the missing requirements of a full run, except the cluster's packages.</summary>
    private static IEnumerable<string> MissingHere()
    {
        if (PostgresBinaries.Folder is null) yield return PostgresBinaries.Missing;
        if (!FakeTime.IsThere) yield return FakeTime.Missing;
        if (Namespaces.Missing is { } missing) yield return missing;
    }

    private static string? Missing(FleetKind kind, string? clusterProgram) =>
        kind is FleetKind.Postgres or FleetKind.Cluster && PostgresBinaries.Folder is null ? PostgresBinaries.Missing
        : kind is FleetKind.Cluster or FleetKind.Azure && clusterProgram is null
            ? "src/hosts/Gateway.Cluster is not built"
        : kind == FleetKind.Azure ? AzuriteFolder.Missing
        : null;

    /// <summary>
    /// Finds the cluster's program beside this program's output, in the same or another configuration.
    /// </summary>
    private static string? FindCluster()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var projects = output.Parent?.Parent;
        var folder = projects is null ? null : Path.Combine(projects.FullName, "Gateway.Cluster");
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "gateway-cluster.dll", SearchOption.AllDirectories)
                .OrderByDescending(path => path.Contains(output.Name, StringComparison.Ordinal)).FirstOrDefault()
            : null;
    }

    private static bool TryRead(string text, out TimeSpan duration)
    {
        duration = default;
        var unit = text.Length > 1 ? text[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds == 0 || !int.TryParse(text[..^1], CultureInfo.InvariantCulture, out var count) || count <= 0)
            return false;
        duration = TimeSpan.FromSeconds((long)count * seconds);
        return true;
    }
}
