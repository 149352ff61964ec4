using System.Globalization;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Usage.Keeping;

/// <summary>
/// Writes this frontend's minutes every 10 s, as the sums that they are by then: a write that is repeated changes
/// nothing. An hour that is over is summed up by whoever comes first. No call waits for it.
/// </summary>
/// <param name="counts">What is written.</param>
/// <param name="store">Where to.</param>
/// <param name="clock">The clock of decisions, which never goes back; another run starts anew.</param>
/// <param name="time">When to look.</param>
/// <param name="options">How many keys an hour tells apart.</param>
/// <param name="logger">Where a store that is away is told.</param>
/// <param name="audit">Names this frontend; null for the machine's name.</param>
public sealed partial class UsageKeeper(
    UsageCounts counts, UsageStore store, ProcessClock clock, TimeProvider time, UsageOptions options,
    ILogger<UsageKeeper> logger, AuditLog? audit = null) : BackgroundService
{
    /// <summary>A gateway that is killed loses the counts of at most this time.</summary>
    internal static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(10);

    // Frontends write the last of an hour when it is over.
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

    /// <summary>Writes what this process counted up to now.</summary>
    /// <param name="what">Whether it is written though nothing changed, and whether more can come.</param>
    /// <param name="cancellationToken">Stops waiting; the next write has it all.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task WriteAsync(UsageWrite what, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var nowMs = clock.NowMs();
            // Before the first write of a run, which may lay a minute where the last run's lie.
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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WriteEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryWriteAsync(UsageWrite.Presence, Patience, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is written when the host has stopped.
        }
    }

    private async Task TryWriteAsync(UsageWrite what, TimeSpan patience, CancellationToken cancellationToken)
    {
        // One that counted nothing may never have reached its store, and does not wait for it when it ends.
        if (what == UsageWrite.Last && _isFirst && counts.Pages(clock.NowMs()).All(static page => page.Read().Sum == 0))
            return;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience);
        try
        {
            await WriteAsync(what, waiting.Token);
            _isLost = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, the next look tries again.
            if (!_isLost)
                LogFailed(e.Message);
            _isLost = true;
        }
    }

    private async Task WriteAsync(UsagePage page, UsageWrite what, long nowMs, CancellationToken cancellationToken)
    {
        var (cells, sum) = page.Read();
        var (minute, isOver) = (page.Minute, page.Minute < nowMs / 60_000);
        if (sum != page.Written || (!isOver && what != UsageWrite.Changes))
        {
            var writer = new UsageWriter(
                audit?.Frontend ?? Environment.MachineName, _run.ToString("x10", CultureInfo.InvariantCulture),
                Instant(_startedMs),
                Instant(nowMs), what == UsageWrite.Last);
            await store.PutMinuteAsync(
                minute, _run,
                UsageDocument.Of(Instant(minute * 60_000), 1, [writer], cells, page.Table.Capacity),
                cancellationToken);
            page.Written = sum;
            // Late, after the store was away: whoever summed that hour up did not know of it.
            if (IsSummedUpAt(minute / 60, nowMs))
            {
                _summedUp.Remove(minute / 60);
                await SumUpAsync([minute / 60], nowMs, cancellationToken, isAnew: true);
            }
        }

        if (minute < (nowMs / 60_000) - 1)
            counts.Forget(page);
    }

    private async Task SumUpAsync(
        IEnumerable<long> hours, long nowMs, CancellationToken cancellationToken, bool isAnew = false)
    {
        var due = hours.Where(hour => !_summedUp.Contains(hour) && IsSummedUpAt(hour, nowMs)).ToList();
        foreach (var day in due.GroupBy(static hour => hour / 24))
        {
            var there = isAnew ? [] : await store.HoursOfAsync(day.Key, cancellationToken);
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
        "How much was called could not be stored, and is tried again until it can, for an hour: {Why}")]
    private partial void LogFailed(string why);
}
