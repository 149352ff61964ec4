using System.CommandLine;
using System.Text.Json;
using Gateway.LoadTests.Reports;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Commands;

/// <summary><c>scenarios</c>: starts gateways, a server and the load, and prints the results.</summary>
internal static class ScenariosCommand
{
    private static readonly Argument<string[]> Names = new("scenario")
    {
        Description = "Which: " + string.Join(", ", Scenario.All.Select(static scenario => scenario.Name))
            + ". Default: all.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int> Seconds = LoadOptions.Seconds(10, "How long each scenario sends.");

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    private static readonly Option<string?> Before = LoadOptions.Executable(
        "--before", "The executable of an older version, with which the scenario upgrade begins.");

    private static readonly Option<string?> Postgres = LoadOptions.Postgres();

    private static readonly Option<bool> Inline = new("--inline")
    {
        Description = "Run gateways with --io inline.",
    };

    private static readonly Option<FileInfo?> Json = new("--json") { Description = "Write the reports there too." };

    public static Command Create()
    {
        Names.AcceptOnlyFromAmong([.. Scenario.All.Select(static scenario => scenario.Name)]);
        var command = new Command("scenarios",
            "Run load scenarios against real gateways.\n\nExample:\n  load-tests/scenarios steady edge --seconds 5")
        {
            Names, Seconds, Gateway, Before, Postgres, Inline, Json,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <returns>1 if a scenario found a problem.</returns>
    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new ScenarioOptions
        {
            Gateway = parsed.GetValue(Gateway),
            Before = parsed.GetValue(Before),
            Postgres = parsed.GetValue(Postgres),
            IsInline = parsed.GetValue(Inline),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
        };
        var asked = parsed.GetValue(Names) is { Length: > 0 } names ? names : null;
        var reports = new List<ScenarioReport>();
        foreach (var scenario in Scenario.All.Where(scenario => asked?.Contains(scenario.Name) ?? true))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (scenario.NeedsBefore && asked is null && options.Before is null)
            {
                Console.WriteLine($"{scenario.Name}: not run; name an older version's executable with --before.");
                continue;
            }

            reports.Add(await scenario.RunAsync(scenario.NeedsBefore ? options : options with { Before = null }));
            Console.Write(ReportText.Of(reports[^1]));
        }

        if (parsed.GetValue(Json) is { } file)
        {
            await File.WriteAllTextAsync(
                file.FullName,
                JsonSerializer.Serialize(reports, ReportJsonContext.Default.IReadOnlyListScenarioReport),
                cancellationToken);
        }

        return reports.TrueForAll(static report => report.Problems.Count == 0) ? 0 : 1;
    }
}
