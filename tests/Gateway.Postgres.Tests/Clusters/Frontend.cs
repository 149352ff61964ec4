using Microsoft.Win32.SafeHandles;

namespace Gateway.Postgres.Tests.Clusters;

/// <summary>
/// One process of a fleet. Callers take as much as they get; what would be the first byte of a call goes to the output
/// as one line, which is what the server behind it would have received. It ends when its input does.
/// </summary>
internal static class Frontend
{
    private static readonly Lock OutputLock = new();
    private static readonly FileStream Output =
        new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    public static async Task<int> RunAsync(FrontendOptions options)
    {
        var time = new OffsetTime(TimeSpan.FromMilliseconds(options.OffsetMs));
        var address = FrontendOptions.ReadAddress(options.Url);
        var postgres = new PostgresOptions { Address = address, Schema = options.Schema };
        await using var fleet = await PostgresBackend.OpenAsync(
            postgres, strictWindows: false, time, NullLoggerFactory.Instance, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var calls = Calls(options);
        Say("ready");
        var measure = options.IsMeasured ? new Measure(fleet, calls, options.Callers) : null;
        var load = measure is not null
            ? measure.RunAsync(stop.Token)
            : Task.WhenAll(Enumerable.Range(0, options.Callers)
                .Select(caller => CallAsync(fleet, calls, caller, stop.Token)));

        // A line ends the warming up; the end is the order to stop, and comes by itself if the parent ends.
        while (await Console.In.ReadLineAsync(CancellationToken.None) is not null) measure?.Begin();

        await stop.CancelAsync();
        await load;
        return 0;
    }

    /// <summary>One write of one line, straight to the kernel: it arrives whole or not at all, like a call.</summary>
    public static void Say(string line)
    {
        var bytes = Encoding.ASCII.GetBytes(line + "\n");
        lock (OutputLock) Output.Write(bytes);
    }

    /// <summary>What calls cost, in turn.</summary>
    private static ImmutableArray<LimitCost>[] Calls(FrontendOptions options)
    {
        var counters = options.Counters;
        if (options.Spread > 1)
            return [.. Enumerable.Range(0, options.Spread).Select(i =>
                ImmutableArray.Create((counters[0] with { Name = $"{counters[0].Name}{i}" }).Cost))];
        var single = counters.Select(counter => ImmutableArray.Create(counter.Cost));
        return options.TakesAll ? [.. single, [.. counters.Select(counter => counter.Cost)]] : [.. single];
    }

    private static async Task CallAsync(
        PostgresBackend fleet, ImmutableArray<LimitCost>[] calls, int caller, CancellationToken stop)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var turn = caller; !stop.IsCancellationRequested; turn++)
        {
            var call = new LimitRequest(CallId.New(), fleet.Clock.NowMs(), calls[turn % calls.Length]);
            var decision = await fleet.AcquireAsync(call, CancellationToken.None);
            if (!decision.IsAdmitted)
            {
                if (decision.Refusal is { Kind: RefusalKind.NoRoom } refusal)
                    Say($"refused {call.Costs[refusal.CostIndex].Key.Counter}@{refusal.ResetAtMs}");
                await pause.WaitForNextTickAsync(CancellationToken.None);
                continue;
            }

            await SpendAsync(fleet, decision.Permit);
        }
    }

    private static async Task SpendAsync(PostgresBackend fleet, Permit permit)
    {
        SpendOutcome outcome;
        while ((outcome = permit.TrySpend(fleet.Clock.NowMs(), out var waitMs)) == SpendOutcome.Wait)
        {
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(waitMs));
            await pause.WaitForNextTickAsync(CancellationToken.None);
        }

        Say($"{(outcome == SpendOutcome.Spent ? "sent" : "late")} {permit.CallId} {Numbers(permit)}");
    }

    private static string Numbers(Permit permit) => string.Join(' ', permit.Parts.SelectMany(part =>
        part.Intervals.Select(numberRange =>
            $"{part.Key.Counter}@{part.WindowEndMs}:{numberRange.Low}-{numberRange.High}")));
}
