using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Live;

/// <summary>
/// Shows the decisions of all gateways of a store at each of them. While a gateway has a viewer, a control document
/// says so, and each gateway puts its newest decisions into a topic of the archive once a second. Without viewers,
/// nothing is written or read. No call waits for any of it, and if the store is unavailable, only the other gateways'
/// decisions are missing.
/// </summary>
internal sealed partial class LiveFleet(
    IControlStore store, SnapshotUpdater control, DecisionFeed feed, LiveStreams streams, TimeProvider time,
    ILogger<LiveFleet> logger) : BackgroundService
{
    /// <summary>The topic of the logs. An entry's number contains the id of the run.</summary>
    public const string Topic = "live";

    // The bits above the id of a run are a part of the viewing session, so that entries of ended runs are evicted.
    private const int RunBits = 37;
    private const int RoundsOfPart = 8;
    // A longer entry is not from any known release.
    private const int EntryBytesMax = 1024 * 1024;
    private const int ReadBytesMax = 8 * 1024 * 1024;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EveryMost = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan SignOfLifeEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(2);
    private readonly long _run = Random.Shared.NextInt64(1, 1L << RunBits);
    private readonly LiveTable _table = new(feed.Writer, time);
    private readonly Dictionary<long, string> _read = [];
    private LiveLog? _put;
    private long _putAt;
    private long _version = -1;
    private LiveWatch? _watch;
    private long? _watchedAt;
    private bool _looked;
    private long _joined;
    private bool _isLost;
    private volatile LiveView _view = store.IsShared ? LiveTable.Nobody : LiveView.Alone;

    /// <summary>The other gateways, while this gateway has viewers.</summary>
    public LiveView View => _view;

    private bool IsWatched => _watch is not null && _watchedAt is { } at && time.GetElapsedTime(at) < LiveWatch.Lasts;

    /// <summary>
    /// Runs one round: renews the watch if this gateway has viewers, writes new decisions, and reads the others'.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var documents = control.State.Documents;
        // The control state is empty until the store was first read.
        if (documents.Revision == 0)
            return;
        Notice(documents);
        var looks = streams.IsAny;
        try
        {
            if (looks)
                await RenewAsync(cancellationToken);
            await PutAsync(isEnd: false, cancellationToken);
            if (looks && IsWatched)
                await ReadAsync(cancellationToken);
        }
        finally
        {
            Show(looks);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_put is not null)
            await TryAsync(stop => PutAsync(isEnd: true, stop), LastPatience, CancellationToken.None);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (store.IsShared && !stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            await TryAsync(StepAsync, Patience, stoppingToken);
            // A slow store is accessed less often.
            var pause = 4 * time.GetElapsedTime(began);
            await Task.Delay(pause < Every ? Every : pause < EveryMost ? pause : EveryMost, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, TimeSpan patience, CancellationToken stop)
    {
        using var waiting = new LinkedTimeout(patience, time, stop);
        try
        {
            await work(waiting.Token);
            _isLost = false;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Whatever the error is, the next round tries again.
            if (!_isLost)
                LogFailed(e.Message);
            _isLost = true;
        }
        catch (OperationCanceledException)
        {
            // The gateway is stopping.
        }
    }

    /// <summary>
    /// Detects a change of the document by its version, so that differences between clocks do not matter.
    /// </summary>
    private void Notice(ControlSnapshot documents)
    {
        var (version, watch) = LiveWatch.Of(documents);
        if (version == _version)
            return;
        // A document from before this process started counts only until its own expiry.
        var isFresh = _version >= 0 || watch?.Until > time.GetUtcNow();
        (_version, _watch, _watchedAt) = (version, watch, isFresh ? time.GetTimestamp() : null);
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (!_looked)
            (_looked, _joined) = (true, IsWatched ? _watch!.First : 0);
        var goesOn = IsWatched;
        if (goesOn && time.GetElapsedTime(_watchedAt!.Value) < LiveWatch.RenewedAfter)
            return;
        var content = JsonSerializer.SerializeToUtf8Bytes(
            LiveWatch.After(_watch, goesOn, time.GetUtcNow()), LiveJson.Default.LiveWatch);
        // If another gateway wrote first, its document applies.
        await store.WriteAsync(LiveWatch.Key, Math.Max(0, _version), content, cancellationToken);
    }

    private async Task PutAsync(bool isEnd, CancellationToken cancellationToken)
    {
        feed.IsWatched = IsWatched;
        if (!IsWatched)
        {
            _put = null;
            return;
        }

        var log = feed.Follow();
        if (_put?.Session != _watch!.First)
            feed.ShowSince(_watch.Since);
        if (feed.Advance())
            streams.Wake();
        log = (feed.Log ?? log) with { At = time.GetUtcNow(), Session = _watch.First, Ended = isEnd };
        if (!isEnd && _put is { } last && last.Session == log.Session && last.Marks == log.Marks
            && time.GetElapsedTime(_putAt) < SignOfLifeEvery)
        {
            return;
        }

        var part = _watch.Round / RoundsOfPart;
        await store.Archive.PutAsync(
            Topic, (part << RunBits) | _run, JsonSerializer.SerializeToUtf8Bytes(log, LiveJson.Default.LiveLog),
            (part - 1) << RunBits, cancellationToken);
        (_put, _putAt) = (log, time.GetTimestamp());
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var part = _watch!.Round / RoundsOfPart;
        var entries = (await store.Archive.ListAsync(Topic, cancellationToken))
            .Where(entry => Math.Abs((entry.Number >> RunBits) - part) <= 1 && Run(entry.Number) != _run
                && entry.Bytes <= EntryBytesMax)
            .DistinctBy(static entry => Run(entry.Number)).Take(LivePlaces.LogsMax).ToList();
        var room = ReadBytesMax;
        var news = entries.Where(entry => _read.GetValueOrDefault(Run(entry.Number)) != entry.Sha256)
            .OrderBy(_ => Random.Shared.Next()).TakeWhile(entry => (room -= entry.Bytes) > 0).ToList();
        var contents = news.Count == 0
            ? new Dictionary<long, byte[]>()
            : await store.Archive.ReadAsync(Topic, [.. news.Select(static entry => entry.Number)], cancellationToken);
        foreach (var entry in news)
        {
            _read[Run(entry.Number)] = entry.Sha256;
            // A viewer that joins others sees decisions from now on, as they did when they joined.
            if (contents.TryGetValue(entry.Number, out var content) && Parse(content) is { } log)
                _table.Take(_joined == _watch.First ? log with { Began = log.To } : log);
        }

        _joined = 0;
        foreach (var gone in _read.Keys.Except(entries.Select(static entry => Run(entry.Number))).ToList())
            _read.Remove(gone);
    }

    private void Show(bool looks)
    {
        if (!looks)
        {
            (_looked, _joined) = (false, 0);
            _read.Clear();
            _table.Clear();
        }

        var view = _table.View(_watch?.First ?? 0, _view);
        if (ReferenceEquals(view, _view))
            return;
        _view = view;
        streams.Wake();
    }

    private static long Run(long number) => number & ((1L << RunBits) - 1);

    private static LiveLog? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, LiveJson.Default.LiveLog) is { IsSound: true } log ? log : null;
        }
        catch (JsonException)
        {
            // An entry of another release; that gateway is then missing.
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Information,
        "Decisions could not be exchanged with other gateways; this is retried while somebody views them: {Why}")]
    private partial void LogFailed(string why);
}
