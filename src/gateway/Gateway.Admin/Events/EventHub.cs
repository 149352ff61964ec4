using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Events;

/// <summary>
/// Detects changes once for all connected consoles, and only while one is connected. It reads state that this process
/// already has, so it costs no call and no access to the store.
/// </summary>
internal sealed partial class EventHub(
    SnapshotUpdater control, CallerCheck callers, GatewayPulse pulse, TimeProvider time,
    ILogger<EventHub> logger)
{
    public const int StreamsPerOperatorMax = 4;

    public const int StreamsMax = 64;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private const int HealthEvery = 5;
    private const int UsageEvery = 25;
    private const int BeatEvery = 75;
    private readonly Lock _gate = new();
    private readonly List<EventStream> _streams = [];
    private bool _isLooking;

    /// <summary>Returns null if the maximum number of streams is open.</summary>
    public EventStream? Open(AdminCaller caller)
    {
        lock (_gate)
        {
            if (_streams.Count >= StreamsMax
                || _streams.Count(one => one.Caller.Name == caller.Name) >= StreamsPerOperatorMax)
            {
                return null;
            }

            var state = control.State;
            var mayHear = caller.Roles.AllowsSomewhere(Permissions.Read)
                ? EventTopics.Control | EventTopics.Approvals | EventTopics.Health | EventTopics.Usage
                : EventTopics.Approvals;
            var stream = new EventStream(caller, mayHear, state.Documents.Revision);
            _streams.Add(stream);
            if (!_isLooking)
            {
                _isLooking = true;
                _ = Task.Run(() => LookAsync(state));
            }

            return stream;
        }
    }

    public void Close(EventStream stream)
    {
        lock (_gate)
            _streams.Remove(stream);
        stream.Dispose();
    }

    private async Task LookAsync(ControlState last)
    {
        try
        {
            var (health, written) = (pulse.Health(last), pulse.Written);
            for (var look = 1; ; look++)
            {
                await Task.Delay(LookEvery, time);
                var state = control.State;
                var (topics, kinds) = ReferenceEquals(state, last)
                    ? (EventTopics.None, [])
                    : ChangedKinds.Between(last, state);
                if (look % HealthEvery == 0 && pulse.Health(state) is var now && now != health)
                    (health, topics) = (now, topics | EventTopics.Health);
                if (look % UsageEvery == 0 && pulse.Written is var more && more != written)
                    (written, topics) = (more, topics | EventTopics.Usage);
                if (!Notify(topics, kinds, state.Documents.Revision, isBeat: look % BeatEvery == 0))
                    return;
                last = state;
            }
        }
        catch (Exception e)
        {
            // The consoles would receive no further events, so their streams end and they connect again.
            LogFailed(e);
            lock (_gate)
            {
                _isLooking = false;
                _streams.ForEach(static stream => stream.End());
            }
        }
    }

    /// <summary>Sends events. Returns false if no console is connected any more.</summary>
    private bool Notify(EventTopics topics, List<string> kinds, long revision, bool isBeat)
    {
        lock (_gate)
        {
            foreach (var stream in _streams)
            {
                if (!callers.IsStill(stream.Caller))
                    stream.End();
                else if (topics != EventTopics.None || isBeat)
                    stream.Notify(topics, kinds, revision);
            }

            return _isLooking = _streams.Count > 0;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Detecting changes failed; connected consoles must reconnect")]
    private partial void LogFailed(Exception exception);
}

/// <summary>Checks that a caller would still be admitted with the same roles.</summary>
internal sealed class CallerCheck(OperatorStore operators, ProcessClock clock)
{
    public bool IsStill(AdminCaller caller)
    {
        if (caller.Account is not { } account)
            return true;
        var now = operators.Current;
        return now.Accounts.GetValueOrDefault(account.Name)?.Version == account.Version
            && (caller.Session is not { } session || now.Sessions.ContainsKey(session.Id))
            && (caller.Key is not { } key || now.Keys.GetValueOrDefault(key.Hash)?.IsGood(clock.NowMs()) == true);
    }
}
