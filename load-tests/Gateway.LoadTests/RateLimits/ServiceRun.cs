using Gateway.EnvoyRls.Protocol;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Processes;

namespace Gateway.LoadTests.RateLimits;

/// <summary>
/// A comparison of the rate limit service with the same listener over Redis, in turns: the speed, the cost, and the
/// requests over its limit that each admits while the process with its counters is killed.
/// </summary>
internal sealed class ServiceRun(ServiceRunOptions options)
{
    private const int LimitMax = 1500;
    private const string Rules = """
        domain: load
        descriptors:
          - { key: hot, rate_limit: { unit: year, requests_per_unit: 4000000000 } }
          - { key: few, rate_limit: { unit: year, requests_per_unit: 1500 } }
        """;

    private readonly StringBuilder _text = new();
    private readonly List<string> _problems = [];

    /// <summary>Returns the results, and the unacceptable ones among them.</summary>
    /// <exception cref="InvalidOperationException">A program is missing, or did not start.</exception>
    public async Task<(string Text, IReadOnlyList<string> Problems)> RunAsync(CancellationToken cancellationToken)
    {
        var h2load = Tools.Find("h2load")
            ?? throw new InvalidOperationException("h2load is missing; install nghttp2-client");
        var redis = Tools.Find("redis-server")
            ?? throw new InvalidOperationException("redis-server is missing; install it");
        using var folder = new TestFolder("gateway-rls-load-");
        var rules = Path.Combine(folder.Path, "limits.yaml");
        await File.WriteAllTextAsync(rules, Rules, cancellationToken);
        var program = Tools.Gateway(options.Gateway);
        using (var ours = await LimitService.StartGatewayAsync(program, Sub("speed"), rules, cancellationToken))
        using (var theirs = await LimitService.StartRedisAsync(
            redis, "Redis, nothing kept", Sub("speed-redis"), rules, ["--save", "", "--appendonly", "no"],
            cancellationToken))
            await CompareAsync(new H2load(h2load, folder.Path, LimitService.Request("hot", "one")), ours, theirs);

        _text.Append($"over a limit of {LimitMax}, {options.Callers} callers, ");
        _text.Append($"killed {options.Kills} times, {options.KillAfter.TotalSeconds:0.#} s after each start\n");
        using (var ours = await LimitService.StartGatewayAsync(program, Sub("kept"), rules, cancellationToken))
            await ExhaustAsync(ours, mustHold: true, cancellationToken);
        using (var packaged = await LimitService.StartRedisAsync(
            redis, "Redis as packaged", Sub("packaged"), rules, [], cancellationToken))
            await ExhaustAsync(packaged, mustHold: false, cancellationToken);
        using (var appending = await LimitService.StartRedisAsync(
            redis, "Redis, appendonly", Sub("appending"), rules, ["--appendonly", "yes"], cancellationToken))
            await ExhaustAsync(appending, mustHold: false, cancellationToken);
        return (_text.ToString(), _problems);

        string Sub(string name) => Directory.CreateDirectory(Path.Combine(folder.Path, name)).FullName;
    }

    private async Task CompareAsync(H2load load, params LimitService[] services)
    {
        var rounds = services.Select(static _ => new List<Round>()).ToArray();
        for (var round = 0; round <= options.Rounds; round++)
        {
            for (var i = 0; i < services.Length; i++)
            {
                var before = await RemainingAsync(services[i]);
                var (measured, requests) = await load.RunAsync(services[i], options.Connections, options.Duration);
                // A gRPC response has HTTP status 200 in any case, so the counters show the number of successful
                // requests.
                if (before - await RemainingAsync(services[i]) < requests)
                    _problems.Add($"{services[i].Name}: {requests} requests were answered, and fewer were counted");
                // The first turn is a warm-up.
                if (round > 0)
                    rounds[i].Add(measured);
            }
        }

        _text.Append($"ShouldRateLimit on one counter, {options.Connections} connections, ");
        _text.Append($"medians of {options.Rounds} rounds by turns\n");
        for (var i = 0; i < services.Length; i++)
        {
            var median = Round.Median(rounds[i]);
            var (half, _) = await load.RunAsync(
                services[i], options.Connections, options.Duration, median.CallsPerSecond / 2);
            _text.Append($"  {services[i].Name,-22} {median.CallsPerSecond,8:0}/s  ");
            _text.Append($"{median.CpuPerCall,7:0.0} us CPU a call  ");
            _text.Append($"at half load p50 {half.P50 / 1000:0.00} ms, p99 {half.P99 / 1000:0.00} ms\n");
        }

        Print("calls a second", static round => round.CallsPerSecond);
        Print("CPU a call", static round => round.CpuPerCall);

        void Print(string figure, Func<Round, double> of)
        {
            var ratio = Ratio.Of(figure, [.. rounds[0].Select(of)], [.. rounds[1].Select(of)]);
            _text.Append($"  ours of Redis's, {figure}: {ratio.Median:0.00} ");
            _text.Append($"({ratio.Least:0.00} to {ratio.Most:0.00})\n");
        }
    }

    private static async Task<long> RemainingAsync(LimitService service) =>
        (await service.AskAsync(LimitService.Request("hot", "one")))?.Statuses[0].LimitRemaining
            ?? throw new InvalidOperationException($"{service.Name} does not answer");

    /// <summary>Calls until the process was killed often enough; reports the number of admitted requests.</summary>
    private async Task ExhaustAsync(LimitService service, bool mustHold, CancellationToken cancellationToken)
    {
        var body = LimitService.Request("few", "one");
        long admitted = 0, refused = 0, unknown = 0;
        using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var callers = Enumerable.Range(0, options.Callers)
            .Select(_ => Task.Run(AskAsync, CancellationToken.None)).ToArray();
        try
        {
            await KillAsync();
        }
        finally
        {
            await until.CancelAsync();
            await Task.WhenAll(callers);
        }

        _text.Append($"  {service.Name,-22} let {admitted} through, {Math.Max(0, admitted - LimitMax)} over; ");
        _text.Append($"{refused} refused, {unknown} without an answer\n");
        if (mustHold && admitted > LimitMax)
            _problems.Add($"{service.Name}: {admitted} of {LimitMax} were let through");
        if (refused == 0)
            _problems.Add($"{service.Name}: its limit was not reached, which shows nothing");

        async Task AskAsync()
        {
            while (!until.IsCancellationRequested)
            {
                var answer = await service.AskAsync(body);
                if (answer is null)
                    Interlocked.Increment(ref unknown);
                else if (answer.OverallCode == RateLimitResponse.Types.Code.Ok)
                    Interlocked.Increment(ref admitted);
                else
                    Interlocked.Increment(ref refused);
            }
        }

        async Task KillAsync()
        {
            for (var kill = 0; kill < options.Kills; kill++)
            {
                await Task.Delay(options.KillAfter, cancellationToken);
                await service.KillAsync(cancellationToken);
            }

            // Nothing is known about the limit until a request is refused.
            var since = TimeProvider.System.GetTimestamp();
            do
                await Task.Delay(options.KillAfter, cancellationToken);
            while (Interlocked.Read(ref refused) == 0
                && TimeProvider.System.GetElapsedTime(since) < options.LimitReachedWithin);
        }
    }
}
