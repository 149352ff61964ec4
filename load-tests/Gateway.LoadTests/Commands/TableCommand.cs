using System.CommandLine;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Table;

namespace Gateway.LoadTests.Commands;

/// <summary><c>table</c>: every goal with the measurement of this machine, as a page for users.</summary>
internal static class TableCommand
{
    private static readonly Option<int> Rounds = LoadOptions.Number("--rounds", 9, "Rounds; figures are medians.");

    private static readonly Option<string[]> Rows = new("--rows")
    {
        Description = "Keys of the rows to measure. Default: all rows.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Before = LoadOptions.Executable(
        "--before", "The executable of another build, measured in the same turns.");

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    private static readonly Option<int> Steady = LoadOptions.Number(
        "--steady", 180, "Seconds of the load whose every second is looked at.");

    private static readonly Option<FileInfo?> Out = new("--out") { Description = "Output file. Default: stdout." };

    private static readonly Option<FileInfo> Reasons = new("--reasons")
    {
        Description = "File with the reasons for missed goals, one per line.",
        DefaultValueFactory = static _ => new FileInfo("load-tests/reasons.txt"),
    };

    public static Command Create()
    {
        Rows.AcceptOnlyFromAmong([.. TableRun.Keys]);
        var command = new Command("table",
            "Measure every goal and write the table. Run it in the root of the repository.\n\n"
            + "Example:\n  load-tests/table --rounds 9 --rows call-inline stream")
        {
            Rounds, Rows, Gateway, Before, Steady, Out, Reasons,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var reasons = TableReasons.Read(
            await File.ReadAllLinesAsync(parsed.GetValue(Reasons)!.FullName, cancellationToken));
        var options = new TableOptions
        {
            Rounds = parsed.GetValue(Rounds),
            Before = parsed.GetValue(Before),
            Gateway = parsed.GetValue(Gateway),
            Steady = TimeSpan.FromSeconds(parsed.GetValue(Steady)),
        };
        var made = await MadeAsync(parsed, cancellationToken);
        var page = "";
        await foreach (var measured in TableRun.RunAsync(
            parsed.GetValue(Rows) ?? [], options, Console.Error.WriteLine, cancellationToken))
        {
            page = TableText.Of(measured, reasons, made);
            if (parsed.GetValue(Out) is { } file)
                await File.WriteAllTextAsync(file.FullName, page, cancellationToken);
        }

        if (parsed.GetValue(Out) is null)
            Console.Write(page);
        return 0;
    }

    /// <summary>Returns the origin of the figures: the command, the commit, the machine, and its load.</summary>
    private static async Task<string> MadeAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var cpu = (await File.ReadAllLinesAsync("/proc/cpuinfo", cancellationToken))
            .FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?
            .Split(':')[1].Trim();
        var load = (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0];
        var commit = (await Tools.RunAsync("git", ["describe", "--always", "--dirty"], cancellationToken)).Trim();
        var before = parsed.GetValue(Before) is { } other
            ? $"The build before is {(await Tools.RunAsync(other, ["--version"], cancellationToken)).Trim()}.\n" : "";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        var what = parsed.GetValue(Gateway) is null
            ? "The gateway is a Release build, not the native program that users install."
            : "The gateway is the native program that users install.";
        var rows = parsed.GetValue(Rows) is { Length: > 0 } wanted ? $" --rows {string.Join(' ', wanted)}" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"Written by `load-tests/table --rounds {parsed.GetValue(Rounds)}{rows}`\nof commit `{commit}`, on "
            + $"{Environment.ProcessorCount} cores ({cpu ?? "unknown"}) with {memory:0} GB, load {load} at the start.\n"
            + $"{before}{what}");
    }
}
