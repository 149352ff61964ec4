using System.CommandLine;
using Gateway.LoadTests.RateLimits;

namespace Gateway.LoadTests.Commands;

/// <summary>
/// <c>rate-limit-service</c>: compares Envoy's rate limit service of the gateway with the same listener over Redis.
/// </summary>
internal static partial class ExtensionCommands
{
    private static readonly Option<int> Rounds = LoadOptions.Number(
        "--rounds", 5, "Rounds; figures are medians of them.");

    private static readonly Option<int> Seconds = LoadOptions.Seconds(5, "Length of one contestant's turn.");

    private static readonly Option<int> Connections = LoadOptions.Number(
        "--connections", 4, "Connections under load, with 8 requests at once each.");

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    private static readonly Option<int> RedisPort = LoadOptions.Number("--redis-port", 6379, "Where Redis listens.");

    private static readonly Option<FileInfo> Rules = new("--rules") { Required = true };

    static partial void AddRateLimits(RootCommand root)
    {
        root.Add(Create());
        root.Add(CreatePeer());
    }

    private static Command Create()
    {
        var command = new Command("rate-limit-service",
            "Compare with the same listener over Redis; needs h2load (nghttp2-client) and redis-server.\n\n"
            + "Example:\n  load-tests/rate-limit-service --rounds 5")
        {
            Rounds, Seconds, Connections, Gateway,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Returns the command that a comparison starts as its peer.</summary>
    private static Command CreatePeer()
    {
        var command = new Command("redis-listener") { RedisPort, Rules };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RedisListener.RunAsync(
            parsed.GetValue(Rules)!.FullName, parsed.GetValue(RedisPort), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var run = new ServiceRun(new ServiceRunOptions
        {
            Gateway = parsed.GetValue(Gateway),
            Rounds = parsed.GetValue(Rounds),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
            Connections = parsed.GetValue(Connections),
        });
        var (text, problems) = await run.RunAsync(cancellationToken);
        Console.Write(text);
        foreach (var problem in problems)
            Console.WriteLine($"  PROBLEM    {problem}");
        return problems.Count == 0 ? 0 : 1;
    }
}
