using System.CommandLine;
using Gateway.LoadTests.Consoles;

namespace Gateway.LoadTests.Commands;

/// <summary><c>consoles</c>: the cost of open live pages for agents.</summary>
internal static class ConsolesCommand
{
    private static readonly Option<int> Consoles = LoadOptions.Number("--consoles", 50, "Consoles on the live page.");
    private static readonly Option<int> Rounds = LoadOptions.Number(
        "--rounds", 9, "Rounds of a turn without and one with them; figures are medians of their ratios.");
    private static readonly Option<int> Seconds = LoadOptions.Seconds(3, "Length of one turn.");
    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    public static Command Create()
    {
        var command = new Command("consoles",
            "One gateway under load, in turns without and with consoles on its live page; needs wrk.\n\nExample:\n"
            + "  load-tests/consoles --consoles 50")
        {
            Consoles, Rounds, Seconds, Gateway,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var run = new ConsolesRun(new ConsolesOptions
        {
            Gateway = parsed.GetValue(Gateway),
            Consoles = parsed.GetValue(Consoles),
            Rounds = parsed.GetValue(Rounds),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
        });
        var report = await run.MeasureAsync(Console.Error.WriteLine, cancellationToken);
        Console.Write(report.Text());
        return 0;
    }
}
