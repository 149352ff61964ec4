using System.Text.Json.Nodes;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Measuring;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Streams;

/// <summary>
/// The memory that an idle stream takes in a gateway: the growth of its resident memory over many of them. The bare
/// proxy is measured in the same turns; the difference is the gateway's own use.
/// </summary>
internal static class StreamsMemory
{
    private const int WarmUp = 64;
    private const int AtOnce = 32;

    // The maximum of one grant, and less than the maximum of connections to one server.
    private const int PerGrant = 32;
    private const int ServerMax = 1000;

    private static readonly TimeSpan StabilizationTime = TimeSpan.FromSeconds(3);

    /// <returns>The kilobytes per stream, by contestant.</returns>
    public static async Task<IReadOnlyList<Series>> RunAsync(
        StreamsMemoryOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        await using var server = await IdleServer.StartAsync();
        List<(string Name, Func<Task<double>> MeasureAsync)> turns =
        [
            ("gateway", () => GatewayAsync(Tools.Gateway(options.Gateway), server, options, cancellationToken)),
        ];
        if (options.Before is { } before)
            turns.Add((Comparison.Before + "gateway", () => GatewayAsync(before, server, options, cancellationToken)));
        if (Tools.BareProxy() is not null)
            turns.Add((Comparison.Bare, () => BareAsync(server, options, cancellationToken)));

        var found = turns.ConvertAll(static turn => new Series(turn.Name, new List<double>()));
        for (var round = 0; round < options.Rounds; round++)
        {
            log($"idle streams, round {round + 1} of {options.Rounds}");
            for (var i = 0; i < turns.Count; i++)
                ((List<double>)found[i].Values).Add(await turns[i].MeasureAsync());
        }

        return found;
    }

    private static async Task<double> GatewayAsync(
        string program, IdleServer server, StreamsMemoryOptions options, CancellationToken cancellationToken)
    {
        using var folder = new TestFolder("idle-streams-");
        var config = Path.Combine(folder.Path, "gateway.json");
        await File.WriteAllTextAsync(config, Config(server.Url, options.Streams), cancellationToken);
        using var gateway = await GatewayProcess.StartAsync(
            program, config, Path.Combine(folder.Path, "data"), [], 0, cancellationToken);
        return await GrowthAsync(gateway.Address, () => gateway.MemoryBytes, options.Streams, cancellationToken);
    }

    private static async Task<double> BareAsync(
        IdleServer server, StreamsMemoryOptions options, CancellationToken cancellationToken)
    {
        var (process, address) = await BareProxy.StartAsync(server.Url, isInline: false, cancellationToken);
        using (process)
            return await GrowthAsync(address, () => process.MemoryBytes, options.Streams, cancellationToken);
    }

    /// <summary>Opens the streams and returns the growth of the process per stream, in kilobytes.</summary>
    private static async Task<double> GrowthAsync(
        IPEndPoint target, Func<long> memory, int count, CancellationToken cancellationToken)
    {
        // The first streams allocate what all others share: compiled code, pools, the list of tools.
        foreach (var stream in await OpenAsync(target, WarmUp, cancellationToken))
            stream.Dispose();
        await Task.Delay(StabilizationTime, cancellationToken);
        var before = memory();
        var streams = await OpenAsync(target, count, cancellationToken);
        await Task.Delay(StabilizationTime, cancellationToken);
        var after = memory();
        foreach (var stream in streams)
            stream.Dispose();
        return (after - before) / 1e3 / count;
    }

    private static async Task<IdleStream[]> OpenAsync(IPEndPoint target, int count, CancellationToken cancellationToken)
    {
        var streams = new IdleStream[count];
        await Parallel.ForAsync(
            0, count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, ended) =>
            {
                var grant = i / PerGrant;
                streams[i] = await IdleStream.OpenAsync(target, $"/mcp/{Server(grant)}", Token(grant), ended);
            });
        return streams;
    }

    private static string Config(Uri server, int streams)
    {
        var (servers, grants) = (new JsonObject(), new JsonObject());
        for (var i = 0; i <= (Math.Max(streams, WarmUp) - 1) / PerGrant; i++)
        {
            servers[Server(i)] ??= new JsonObject { ["url"] = server.ToString() };
            grants[$"agent-{i}"] = new JsonObject
            {
                ["server"] = Server(i),
                ["policy"] = "load",
                ["token"] = Token(i),
            };
        }

        return new JsonObject
        {
            ["servers"] = servers,
            ["policies"] = new JsonObject { ["load"] = ScenarioBench.Policy(1_000_000, "day") },
            ["grants"] = grants,
        }.ToJsonString();
    }

    private static string Server(int grant) => $"idle-{grant * PerGrant / ServerMax}";

    private static string Token(int grant) => $"idle-stream-token-{grant:D8}";
}
