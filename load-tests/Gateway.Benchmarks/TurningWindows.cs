using System.Collections.Immutable;
using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Storage.Local.Journal;

namespace Gateway.Benchmarks;

/// <summary>
/// A million counters in use by the real clock while their windows turn, with the disk use and the longest call. This
/// is the situation of a gateway that runs for a long time.
/// </summary>
internal sealed class TurningWindows
{
    private const int Many = 1_000_000;

    /// <summary>The number of concurrent calls; each caller waits for its result before the next call.</summary>
    private const int Callers = 64;
    private const int TurnLength = 256;
    private static readonly TimeSpan PrintEvery = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ImmutableArray<LimitCost>[] _costs = new ImmutableArray<LimitCost>[Many];
    private readonly TurningCaller[] _callers = new TurningCaller[Callers];
    private readonly JournalEngine _limiter;
    private readonly Window _window;
    private volatile bool _isOver;

    private TurningWindows(JournalEngine limiter, Window window, long max)
    {
        (_limiter, _window) = (limiter, window);
        for (var i = 0; i < Many; i++)
        {
            // The stride is coprime to the number of counters: successive calls are not neighbors in memory.
            var name = string.Create(CultureInfo.InvariantCulture, $"c{i * 611_953L % Many}");
            var key = new CounterKey(LimitScope.Grant, "bot@afip", name, WindowKind.Fixed, window);
            _costs[i] = [new LimitCost(key, Amount.FromUnits(max), Amount.One)];
        }

        for (var i = 0; i < Callers; i++) _callers[i] = new TurningCaller();
    }

    /// <summary>Runs for so many seconds, over windows of this length, with this maximum.</summary>
    public static async Task PrintAsync(int seconds, int windowSeconds, long max)
    {
        if (!Window.TryFromSeconds(windowSeconds, out var window))
            throw new ArgumentOutOfRangeException(nameof(windowSeconds));
        using var folder = new TestFolder("limits-turning-");
        var options = new JournalEngineOptions { DataDirectory = folder.Path };
        await using var limiter = await JournalEngine.OpenAsync(options, TimeProvider.System);
        await new TurningWindows(limiter, window, max).RunAsync(TimeSpan.FromSeconds(seconds));
    }

    private async Task RunAsync(TimeSpan length)
    {
        Console.WriteLine(TurningFigures.Head);
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller))).ToList();
        var startedAt = _time.GetTimestamp();
        var before = TurningFigures.Take(_limiter, _callers, _time.GetElapsedTime(startedAt));
        using (var timer = new PeriodicTimer(PrintEvery))
        {
            while (_time.GetElapsedTime(startedAt) < length && await timer.WaitForNextTickAsync())
            {
                var now = TurningFigures.Take(_limiter, _callers, _time.GetElapsedTime(startedAt));
                var nowMs = _limiter.Clock.NowMs();
                Console.WriteLine(now.Since(before, (nowMs - _window.StartMs(nowMs)) / 1000));
                before = now;
            }
        }

        _isOver = true;
        await Task.WhenAll(callers);
    }

    private async Task CallAsync(int number)
    {
        var caller = _callers[number];
        for (var (at, turn) = (number, 0); !_isOver; at = (at + Callers) % Many)
        {
            var askedAt = _time.GetTimestamp();
            var nowMs = _limiter.Clock.NowMs();
            var request = new LimitRequest(CallId.New(), nowMs, _costs[at]);
            var decision = await _limiter.AcquireAsync(request, CancellationToken.None);
            decision.Permit.TrySpend(nowMs, out _);
            decision.Permit.Complete();
            caller.Count(decision.IsAdmitted, _time.GetElapsedTime(askedAt));
            if (++turn % TurnLength == 0) await Task.Yield();
        }
    }
}
