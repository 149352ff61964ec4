using System.Net.ServerSentEvents;
using Gateway.Admin.Live;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Tests.Admin;

/// <summary>What of a gateway follows decisions, and one reader.</summary>
internal sealed class LiveNode : IDisposable
{
    private readonly AuditLog _audit;
    private readonly SnapshotUpdater _control;
    private readonly LiveStreams _streams;
    private readonly DecisionFeed _feed;
    private readonly TimeProvider _time;
    private readonly List<JsonObject> _events = [];
    private LiveStream? _stream;

    public LiveNode(string data, IControlStore store, TimeProvider time)
    {
        var options = new AuditLogOptions { Directory = Path.Combine(data, "audit") };
        _time = time;
        _audit = new AuditLog(options, time, NullLogger<AuditLog>.Instance, []);
        _control = new SnapshotUpdater(
            store, new SecretProtector(store), new SnapshotHolder(), new StoreStaleness(store, time),
            new ProcessClock(time), time, NullLogger<SnapshotUpdater>.Instance);
        _streams = new LiveStreams();
        _feed = new DecisionFeed(options, _audit, _streams, time, NullLogger<DecisionFeed>.Instance);
        Fleet = new LiveFleet(store, _control, _feed, _streams, time, NullLogger<LiveFleet>.Instance);
    }

    public LiveFleet Fleet { get; }

    public string LastId { get; private set; } = "";

    /// <summary>The calls that the reader was told of, in order.</summary>
    public List<string> Calls =>
        [.. _events.SelectMany(static one => one["items"]!.AsArray().Select(static item => (string)item!["callId"]!))];

    public bool IsSampled => _events.Exists(static one => (bool)one["sampled"]!);

    public IEnumerable<string> States => Fleet.View.Frontends.Select(static one => one.State);

    public async Task DecideAsync(params string[] calls)
    {
        foreach (var call in calls)
        {
            Assert.True(await _audit.RecordAsync(Encoding.UTF8.GetBytes(
                $$"""{"kind":"decision","time":"{{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ}}","callId":"{{call}}"}"""
                + "\n")));
        }
    }

    /// <summary>Opens a stream here, as <see cref="LiveRoutes"/> does.</summary>
    public LiveStream Look(string? after = null)
    {
        _stream = _streams.Open("ana")!;
        _feed.Follow();
        var (sent, own) = (LivePlaces.Of(after), LiveLog.KeyOf(_feed.Writer));
        Take(_stream.Begin(sent, own, _feed.Since(sent.Find(own)), Fleet.View));
        return _stream;
    }

    public void Close(LiveStream stream)
    {
        _streams.Close(stream);
        _stream = null;
    }

    /// <summary>A look of the fleet, and of the reader.</summary>
    public async Task StepAsync()
    {
        try
        {
            await _control.RefreshAsync(default);
        }
        catch (ControlStoreException)
        {
            // What was known stays.
        }

        try
        {
            await Fleet.StepAsync(default);
        }
        catch (ControlStoreException)
        {
            // The next step tries again.
        }

        if (_stream is not null)
            Take(_stream.Next(_feed.Follow(), Fleet.View, _time.GetUtcNow().ToUnixTimeSeconds()));
    }

    public Task EndAsync() => Fleet.StopAsync(default);

    public void Dispose()
    {
        Fleet.Dispose();
        _control.Dispose();
        _audit.Dispose();
    }

    private void Take(List<SseItem<byte[]>> events)
    {
        LastId = events.LastOrDefault().EventId ?? LastId;
        _events.AddRange(events.Select(static one => JsonNode.Parse(one.Data)!.AsObject()));
    }
}
