using System.Globalization;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Usage.Keeping;

/// <summary>
/// Writes this frontend's minutes every 10 s, as the sums so far: a repeated write changes nothing. An hour that is
/// over is summed up by the first frontend that notices it. No call waits for it.
/// </summary>
/// <param name="counts">The counts to write.</param>
/// <param name="store">The store of the figures.</param>
/// <param name="clock">The clock of decisions, which never goes back within one run.</param>
/// <param name="time">The time of the checks.</param>
/// <param name="options">The maximum number of keys in one hour.</param>
/// <param name="logger">Receives the loss of the store.</param>
/// <param name="audit">Provides the name of this frontend; null for the machine's name.</param>
public sealed partial class UsageKeeper(
    UsageCounts counts, UsageStore store, ProcessClock clock, TimeProvider time, UsageOptions options,
    ILogger<UsageKeeper> logger, AuditLog? audit = null) : BackgroundService
{
    /// <summary>The interval of writes. A gateway that is killed loses the counts of at most this time.</summary>
    internal static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);

    // Frontends write the last figures of an hour after its end.
    private const int MinutesUntilSummedUp = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _writing = new(1);
    private readonly long _run = UsageStore.NewRun();
    private readonly HashSet<long> _summedUp = [];
    private readonly long _startedMs = clock.NowMs();
    private bool _isFirst = true;
    private long _lookedAtMinute;
    private bool _isLost;

    /// <summary>Writes everything that this process has counted up to now.</summary>
    /// <param name="what">
    /// The reason for the write: whether to write unchanged figures, and whether more can come.
    /// </param>
    /// <param name="cancellationToken">Stops waiting; the next write contains everything.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task WriteAsync(UsageWrite what, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var nowMs = clock.NowMs();
            // Before the first write of a run, which may reuse the entry of one of the last run's minutes.
            if (_isFirst && what != UsageWrite.Last)
                await SumUpAsync(await store.HoursWithMinutesAsync(cancellationToken), nowMs, cancellationToken);
            _isFirst = false;
            foreach (var page in counts.Pages(nowMs))
                await WriteAsync(page, what, nowMs, cancellationToken);
            if (nowMs / 60_000 == _lookedAtMinute || what == UsageWrite.Last)
                return;
            var hour = nowMs / 3_600_000;
            await SumUpAsync([hour - 2, hour - 1], nowMs, cancellationToken);
            _lookedAtMinute = nowMs / 60_000;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryWriteAsync(UsageWrite.Last, LastPatience, CancellationToken.None);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>The rest is written when the host has stopped.</remarks>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(
            WriteEvery, stopping => TryWriteAsync(UsageWrite.Presence, Patience, stopping), stoppingToken);

    private async Task TryWriteAsync(UsageWrite what, TimeSpan patience, CancellationToken cancellationToken)
    {
        // A run that counted nothing may never have reached its store, and does not wait for it at its end.
        if (what == UsageWrite.Last && _isFirst && counts.IsEmpty)
            return;
        using var waiting = new LinkedTimeout(patience, time, cancellationToken);
        try
        {
            await WriteAsync(what, waiting.Token);
            _isLost = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever failed, the next check tries again.
            if (!_isLost)
                LogFailed(e.Message);
            _isLost = true;
        }
    }

    private async Task WriteAsync(UsagePage page, UsageWrite what, long nowMs, CancellationToken cancellationToken)
    {
        var (cells, sum) = page.Read();
        var results = page.ReadResults();
        var resultsSum = results.Sum(static one => one.Value.Count);
        var (minute, isOver) = (page.Minute, page.Minute < nowMs / 60_000);
        if ((sum, resultsSum) != (page.Written, page.WrittenResults) || (!isOver && what != UsageWrite.Changes))
        {
            var writer = new UsageWriter(
                audit?.Frontend ?? Environment.MachineName, _run.ToString("x10", CultureInfo.InvariantCulture),
                Instant(_startedMs),
                Instant(nowMs), what == UsageWrite.Last);
            await store.PutMinuteAsync(
                minute, _run,
                UsageDocument.Of(
                    Instant(minute * 60_000), 1, [writer], new UsageFigures(cells, results, page.Limits)
                    {
                        Charges = page.ReadCharges(),
                    },
                    page.Table.Capacity),
                cancellationToken);
            (page.Written, page.WrittenResults) = (sum, resultsSum);
            // Late, because the store was unreachable: the sum of that hour does not include it.
            if (IsSummedUpAt(minute / 60, nowMs))
            {
                _summedUp.Remove(minute / 60);
                await SumUpAsync([minute / 60], nowMs, cancellationToken, isRebuild: true);
            }
        }

        if (minute < (nowMs / 60_000) - 1)
            counts.Forget(page);
    }

    private async Task SumUpAsync(
        IEnumerable<long> hours, long nowMs, CancellationToken cancellationToken, bool isRebuild = false)
    {
        var due = hours.Where(hour => !_summedUp.Contains(hour) && IsSummedUpAt(hour, nowMs)).ToList();
        foreach (var day in due.GroupBy(static hour => hour / 24))
        {
            var there = isRebuild ? [] : await store.HoursOfAsync(day.Key, cancellationToken);
            foreach (var hour in day.Except(there))
            {
                var minutes = await store.ReadMinutesAsync(hour, cancellationToken);
                if (minutes.Count > 0)
                {
                    await store.PutHourAsync(
                        hour, UsageSum.Of(hour, minutes, options.KeysMax), cancellationToken);
                }
            }

            _summedUp.UnionWith(day);
        }

        _summedUp.RemoveWhere(hour => hour < (nowMs / 3_600_000) - UsageStore.HourSlots);
    }

    private static bool IsSummedUpAt(long hour, long nowMs) =>
        nowMs >= ((hour + 1) * 3_600_000) + (MinutesUntilSummedUp * 60_000);

    private static DateTimeOffset Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    [LoggerMessage(1, LogLevel.Information,
        "The usage figures could not be stored; the gateway retries for an hour: {Why}")]
    private partial void LogFailed(string why);
}

/// <summary>The reason for a write of figures.</summary>
public enum UsageWrite
{
    /// <summary>A query: only changed figures are written.</summary>
    Changes,

    /// <summary>The regular write, which shows that this frontend is present, whatever it counted.</summary>
    Presence,

    /// <summary>The last write, at the end of the process.</summary>
    Last,
}
