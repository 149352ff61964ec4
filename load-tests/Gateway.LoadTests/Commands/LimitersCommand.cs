using System.CommandLine;
using Gateway.LoadTests.Limiters;

namespace Gateway.LoadTests.Commands;

/// <summary>
/// <c>limiters</c>: sends the same limited calls through this gateway and a proxy that counts in Redis.
/// </summary>
internal static class LimitersCommand
{
    private static readonly Option<int> Max = LoadOptions.Number("--max", 100, "Calls a window.");

    private static readonly Option<int> Window = LoadOptions.Number(
        "--window", 10, "The length of a window in seconds.");

    private static readonly Option<int> Windows = LoadOptions.Number("--windows", 3, "Windows of each trial.");

    private static readonly Option<int> Callers = LoadOptions.Number("--callers", 8, "Callers of each trial.");

    private static readonly Option<double> Ahead = new("--ahead")
    {
        Description = "By how many seconds the clock of the second of two proxies is ahead.",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<int> Seconds = LoadOptions.Seconds(5, "How long the full rate is measured.");

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    private static readonly Option<string?> Postgres = LoadOptions.Postgres();

    public static Command Create()
    {
        var command = new Command("limiters",
            "Compare what limiters admit; needs nginx with Lua, redis-server and libfaketime, and takes a database.\n\n"
            + "Example:\n  load-tests/limiters --postgres postgres://user:password@127.0.0.1/gateway")
        {
            Max, Window, Windows, Callers, Ahead, Seconds, Gateway, Postgres,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <returns>1 if a gateway admitted more than its limit.</returns>
    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var options = new LimitersOptions
        {
            Gateway = parsed.GetValue(Gateway),
            Postgres = parsed.GetValue(Postgres),
            Max = parsed.GetValue(Max),
            WindowSeconds = parsed.GetValue(Window),
            Windows = parsed.GetValue(Windows),
            Callers = parsed.GetValue(Callers),
            AheadSeconds = parsed.GetValue(Ahead),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
        };
        var (sides, missing) = await LimitersRun.RunAsync(options, Console.Error.WriteLine, cancellationToken);
        Console.Write(LimitersText.Of(options, sides));
        foreach (var one in missing)
            Console.WriteLine($"left out: {one}");
        return sides.Where(static side => side.Name.Contains("gateway", StringComparison.Ordinal))
            .Any(static side => (side.Callers?.Over ?? 0) + (side.Restart?.Over ?? 0) + (side.Clocks?.Over ?? 0) > 0)
            ? 1 : 0;
    }
}
