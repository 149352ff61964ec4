using System.CommandLine;
using Gateway.LoadTests.Several;

namespace Gateway.LoadTests.Commands;

/// <summary>
/// <c>several</c>: many sessions at <c>/mcp</c> over servers that crash, and the memory that they take.
/// </summary>
internal static class SeveralCommand
{
    private static readonly Option<int> Sessions = LoadOptions.Number(
        "--sessions", 10_000, "Sessions of clients.");

    private static readonly Option<int> Servers = LoadOptions.Number(
        "--servers", 20, "Servers of the grant; one dies each second.");

    private static readonly Option<int> Seconds = LoadOptions.Seconds(120, "How long the sessions call.");
    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    public static Command Create()
    {
        var command = new Command("several",
            "Many sessions over several servers at one address, one of them dying each second.\n\nExample:\n"
            + "  load-tests/several --sessions 1000 --seconds 40")
        {
            Sessions, Servers, Seconds, Gateway,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <returns>1 if a requirement was not met.</returns>
    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var report = await SeveralRun.RunAsync(
            new SeveralOptions
            {
                Gateway = parsed.GetValue(Gateway),
                Sessions = parsed.GetValue(Sessions),
                Servers = parsed.GetValue(Servers),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            },
            cancellationToken);
        Console.Write(report.Text());
        return report.Problems.Count == 0 ? 0 : 1;
    }
}
