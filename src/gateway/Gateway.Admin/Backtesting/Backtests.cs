using System.Collections.Concurrent;
using Gateway.Audit.Replaying;
using Gateway.Proxy.Pinning;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Backtesting;

/// <summary>
/// The replays of this process: at most <see cref="RunningMax"/> running ones, and the latest finished ones.
/// </summary>
internal sealed partial class Backtests(
    PinnedTools pinned, IHostApplicationLifetime lifetime, ILogger<Backtests> logger)
{
    // Includes running ones; the oldest finished one is evicted.
    private const int KeptMax = 16;
    public const int RunningMax = 2;

    private readonly ConcurrentDictionary<string, Backtest> _all = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public IEnumerable<Backtest> All => _all.Values;

    public Backtest? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>Starts a replay. Returns false if the maximum number is running.</summary>
    public bool TryStart(Backtest backtest, ReplayRequest request)
    {
        request = request with { ClassOf = (server, tool) => pinned.ClassOf(server, tool) };
        lock (_lock)
        {
            if (_all.Values.Count(static one => one.IsRunning) >= RunningMax)
                return false;
            var ended = _all.Values.Where(static one => !one.IsRunning).OrderBy(static one => one.Started).ToList();
            foreach (var oldest in ended.Take(Math.Max(0, _all.Count + 1 - KeptMax)))
                _all.TryRemove(oldest.Id, out _);
            _all[backtest.Id] = backtest;
        }

        var stopping = lifetime.ApplicationStopping.Register(backtest.Cancel);
        // Evaluating a long record uses a processor for seconds, so it must not block the thread pool that calls share.
        var thread = new Thread(() =>
        {
            backtest.Run(request, LogFailed);
            stopping.Dispose();
        })
        {
            IsBackground = true,
            Name = "backtest",
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
        return true;
    }

    /// <summary>Cancels and removes a replay. Returns false if there is none with this id.</summary>
    public bool TryRemove(string id)
    {
        if (!_all.TryRemove(id, out var backtest))
            return false;
        backtest.Cancel();
        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "A backtest failed")]
    private partial void LogFailed(Exception exception);
}
