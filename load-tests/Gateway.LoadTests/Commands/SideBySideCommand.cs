using System.CommandLine;
using System.Text.Json;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Reports;

namespace Gateway.LoadTests.Commands;

/// <summary>
/// <c>side-by-side</c>: measures the gateway next to nginx, haproxy and the server itself, in one run.
/// </summary>
internal static class SideBySideCommand
{
    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "Rounds; figures are medians of them.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> Seconds = LoadOptions.Seconds(3, "Length of one contestant's turn.");

    private static readonly Option<int> Connections = new("--connections")
    {
        Description = "Connections under load.",
        DefaultValueFactory = _ => 32,
    };

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    private static readonly Option<string?> Before = LoadOptions.Executable(
        "--before", "The executable of another build, measured in the same turns; adds the ratios of each round.");

    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Write the figures there too." };

    public static Command Create()
    {
        var command = new Command("side-by-side",
            "Compare with nginx, haproxy and the server itself; needs wrk and nginx.\n\n"
            + "Example:\n  load-tests/side-by-side --rounds 5")
        {
            Rounds, Seconds, Connections, Gateway, Before, Json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new SideBySideOptions
        {
            Gateway = parsed.GetValue(Gateway),
            Before = parsed.GetValue(Before),
            Rounds = parsed.GetValue(Rounds),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Connections = parsed.GetValue(Connections),
        };
        var comparison = await SideBySide.RunAsync(options, Console.Error.WriteLine, cancellationToken);
        comparison = comparison with { Decisions = await Decisions.MeasureAsync(options.Connections) };
        Console.Write(ComparisonText.Of(comparison));
        if (parsed.GetValue(Json) is { } file)
        {
            await File.WriteAllTextAsync(
                file.FullName,
                JsonSerializer.Serialize(comparison, ReportJsonContext.Default.Comparison),
                cancellationToken);
        }

        return 0;
    }
}
