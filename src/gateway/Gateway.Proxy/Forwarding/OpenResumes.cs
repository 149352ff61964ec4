using Gateway.Policy.Decisions;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Control.Usage.Counting;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy;
using Gateway.Proxy.Calls;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.Results;
using Gateway.Proxy.RetryTokens;
using Gateway.Proxy.Tasks;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Upstreams.Sessions;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy.Forwarding;

/// <summary>
/// The calls whose event stream ended after an event id and before the response (2025-03-26 to 2025-11-25). Their
/// client may resume the stream by a GET, so they stay open. A call that is not resumed within the server's
/// <c>retry</c> plus the timeout of a call is recorded as <c>no_response</c>. Another frontend that resumes a stream
/// leaves a marker in the control store, because this one does not see the resumption.
/// </summary>
internal sealed class OpenResumes(
    OutcomeRecorder outcomes, ProcessClock clock, ServerHealth health, TimeProvider time, InFlightOptions options,
    RetryTokenStore marks, IControlStore store) : IHostedService, IDisposable
{
    private const long MarkEveryMs = 5000;

    /// <summary>The maximum number of open calls: 4,096. Any further ones are recorded at once.</summary>
    public const int CallsMax = 4096;

    private readonly ConcurrentDictionary<string, OpenResume> _calls = new(StringComparer.Ordinal);
    private readonly LatestOfGrants<object> _marked = new(ResumableCalls.PerGrantMax);
    private readonly LatestOfGrants<string> _canceled = new(ResumableCalls.PerGrantMax);
    private volatile bool _hasCanceled;

    /// <summary>Records that the client has canceled a request; no response to it is due any more.</summary>
    public void Cancel(CallContext notification)
    {
        var message = notification.Message.Body;
        if (RawJson.Find(message.Span, "params", "requestId") is { } place
            && ResultEngine.KeyOf(message[place]) is { } id)
        {
            var key = KeyOf(notification, id);
            _hasCanceled = true;
            _canceled.Set(notification.Grant.CallerKey, key, key);
            if (_calls.TryGetValue(key, out var open))
                _ = EndAsync(open, RelayEnd.Completed);
        }
    }

    /// <summary>Records the start of a request, which may reuse the id of a canceled one.</summary>
    public void Begin(CallContext call)
    {
        if (_hasCanceled && ResultEngine.KeyOf(call.Message.Id) is { } id)
            _canceled.Remove(call.Grant.CallerKey, KeyOf(call, id));
    }

    /// <summary>Returns true if the client has canceled the request at this frontend.</summary>
    public bool IsCanceled(CallContext call) => ResultEngine.KeyOf(call.Message.Id) is { } id
        && _canceled.Find(call.Grant.CallerKey, KeyOf(call, id)) is not null;

    /// <summary>Tries to keep a call open.</summary>
    /// <returns>False if its end must be recorded now.</returns>
    public bool TryKeep(AdmittedCall admitted, in RelayOutcome outcome)
    {
        var call = admitted.Call;
        if (call.Session.Session is null || ResultEngine.KeyOf(call.Message.Id) is not { } id
            || _calls.Count >= CallsMax)
            return false;
        var open = new OpenResume(EndedCall.Of(call), call.Server, outcome, admitted.Counted)
        {
            Key = KeyOf(call, id),
            Places = [call.Open, call.ShadowOpen],
            Within = outcome.Retry
                + (CallTimeout.Of(call.Server, call.Message) ?? options.UnansweredMax),
            Session = KeyOf(call, ""),
            EndedMs = clock.NowMs(),
        };
        if (!_calls.TryAdd(open.Key, open))
            return false;
        Wait(open);
        return true;
    }

    /// <summary>
    /// Resumes a stream of a session. The returned object must see the messages of that stream, and must be disposed at
    /// its end. Returns null if no call of the session is open.
    /// </summary>
    public Resumed? Resume(string grant, string server, BoundSession? session)
    {
        if (session is null)
            return null;
        var prefix = KeyOf(grant, server, session, "");
        var own = _calls.Values.Where(one => one.Session == prefix).ToList();
        foreach (var open in own)
            open.Timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (own.Count > 0)
            return new Resumed(this, own, prefix);
        if (store.IsShared)
            _ = MarkAsync(grant, prefix);
        return null;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Records the calls that are open when the frontend stops, because no process would record them later.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_calls.Values.Select(ExpireAsync));

    public void Dispose()
    {
        foreach (var open in _calls.Values)
            open.Timer?.Dispose();
    }

    private void Wait(OpenResume open)
    {
        open.Timer ??= time.CreateTimer(
            _ => _ = ExpireAsync(open), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        open.Timer.Change(open.Within, Timeout.InfiniteTimeSpan);
    }

    private async Task ExpireAsync(OpenResume open)
    {
        try
        {
            if (store.IsShared && await marks.MarkedAsync(MarkOf(open.Session)) >= open.EndedMs)
            {
                // The response, if any, arrived at the other frontend, which does not know the call.
                await EndAsync(open, RelayEnd.Resumable);
                return;
            }
        }
        catch (ControlStoreException)
        {
            // There is no evidence that the stream was resumed.
        }

        await EndAsync(open, RelayEnd.NoResponse);
    }

    private async Task MarkAsync(string grant, string session)
    {
        var nowMs = clock.NowMs();
        if (_marked.Find(grant, session) is long last && nowMs - last < MarkEveryMs)
            return;
        _marked.Set(grant, session, nowMs);
        try
        {
            await marks.MarkAsync(MarkOf(session), grant);
        }
        catch (ControlStoreException)
        {
            // Without the marker, the other frontend records no_response.
        }
    }

    private static string MarkOf(string session) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes("resumed\n" + session)));

    private async Task EndAsync(OpenResume open, RelayEnd end)
    {
        if (!_calls.TryRemove(KeyValuePair.Create(open.Key, open)))
            return;
        open.Timer?.Dispose();
        var outcome = open.Outcome with { End = end };
        if (end == RelayEnd.NoResponse)
        {
            health.Failed(open.Server, "it ended an event stream before the response, and the stream was not resumed.",
                ServerEvidence.Response);
        }
        else if (end == RelayEnd.Completed)
        {
            health.Answered(open.Server, ServerEvidence.Response);
            foreach (var place in open.Places)
            {
                if (place is not null)
                    await place.ReleaseAsync();
            }
        }

        await outcomes.EndedAsync(open.Call, outcome, open.Counted);
    }

    private static string KeyOf(CallContext call, string id) =>
        KeyOf(call.Grant.CallerKey, call.ServerName, call.Session.Session, id);

    private static string KeyOf(string caller, string server, BoundSession? session, string id) =>
        $"{caller}\n{server}\n{session?.CounterId}\n{id}";

    /// <summary>A resumed stream, on which open calls of its session may get their response.</summary>
    internal sealed class Resumed(OpenResumes all, List<OpenResume> open, string prefix) : IDisposable
    {
        /// <summary>Checks a message of the stream for a response.</summary>
        public void See(ReadOnlyMemory<byte> message)
        {
            if (KeyIn(message) is { } key && all._calls.TryGetValue(key, out var answered))
                _ = all.EndAsync(answered, RelayEnd.Completed);
        }

        /// <summary>
        /// Returns, for a response that creates a task, its handle by the server's id; null if its call is unknown.
        /// </summary>
        public Func<string, TaskHandle>? TaskOf(ReadOnlySpan<byte> message) =>
            // The response has ended the call by now.
            KeyIn(message.ToArray()) is { } key && open.Find(one => one.Key == key)?.Call is { } call
            && call.Message is { Method: McpMethods.ToolsCall, Name: { } tool }
                ? id => new TaskHandle(call.ServerName, tool, call.IdText, id) : null;

        /// <summary>Waits again for calls without a response after the stream has ended.</summary>
        public void Dispose()
        {
            foreach (var one in open)
            {
                if (all._calls.ContainsKey(one.Key))
                    all.Wait(one);
            }
        }

        private string? KeyIn(ReadOnlyMemory<byte> message) =>
            IdOf(message) is { } id && ResultEngine.KeyOf(id) is { } key ? prefix + key : null;

        private static ReadOnlyMemory<byte>? IdOf(ReadOnlyMemory<byte> message)
        {
            try
            {
                return RawJson.Find(message.Span, "method") is null
                    && RawJson.Find(message.Span, "id") is { } place ? message[place] : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}

/// <summary>A call that may still get its response on a resumed stream.</summary>
internal sealed record OpenResume(EndedCall Call, ServerModel Server, RelayOutcome Outcome, string Counted)
{
    /// <summary>The unique key of the call among the open ones.</summary>
    public required string Key { get; init; }

    public required OpenCall?[] Places { get; init; }

    public required TimeSpan Within { get; init; }

    /// <summary>The common prefix of the keys of all calls of its session.</summary>
    public required string Session { get; init; }

    /// <summary>The time at which the stream ended, in Unix milliseconds.</summary>
    public required long EndedMs { get; init; }

    public ITimer? Timer { get; set; }
}

/// <summary>The recorded properties of a call whose request has ended.</summary>
internal sealed record EndedCall(
    string IdText, string GrantName, Caller? Caller, string ServerName, string? PolicyName, string? PolicySha256,
    McpMessage Message, string? SessionCounterId) : IAuditedCall
{
    public long NowMs { get; init; }

    public long ArrivedMs { get; init; }

    public string? ToolLabel { get; init; }

    public static EndedCall Of(CallContext call) => new(
        call.IdText, call.GrantName, call.Caller, call.ServerName, call.PolicyName, call.PolicySha256,
        // The memory of the body belongs to the request, which has ended.
        new McpMessage
        {
            Body = default,
            Kind = call.Message.Kind,
            Method = call.Message.Method,
            Name = call.Message.Name is { Length: <= ToolLabels.LabelCharsMax } name ? name : null,
        },
        call.SessionCounterId)
    {
        NowMs = call.NowMs,
        ArrivedMs = call.ArrivedMs,
        ToolLabel = call.ToolLabel,
    };
}

/// <summary>The services that watch the streams of servers.</summary>
/// <param name="Pinned">Receives each change of a server's list.</param>
/// <param name="Resumes">The calls whose response may arrive on a server's own stream.</param>
/// <param name="Views">Notifies clients of lists that the gateway itself changed.</param>
/// <param name="Options">The intervals for comments on idle streams.</param>
/// <param name="Tasks">The ids of tasks as clients see them.</param>
/// <param name="OpenTasks">The tasks that hold places of calls in flight.</param>
/// <param name="Time">The clock of the waits for servers and clients.</param>
internal sealed record StreamWatch(
    Gateway.Proxy.Pinning.PinnedTools Pinned, OpenResumes Resumes, ViewChanges Views, StreamOptions Options,
    TaskHandles Tasks, OpenTasks OpenTasks, TimeProvider Time);

/// <summary>The recorder and counter of the ends of calls.</summary>
internal sealed class OutcomeRecorder(
    AuditLog audit, UpstreamMetrics answers, UsageCounts usage, ProcessClock clock)
{
    /// <summary>The metrics of servers' responses and failures.</summary>
    public UpstreamMetrics Upstreams => answers;

    public ValueTask EndedAsync(
        IAuditedCall call, in RelayOutcome outcome, string counted, ResultRecord? results = null)
    {
        answers.Ended(call.ServerName, outcome);
        return EndedAsync(call, OutcomeWords.Of(outcome), outcome.Status, outcome.Bytes, counted, results);
    }

    /// <summary>Returns the recorder of a call that ends after its response, with the task that it created.</summary>
    public Func<bool, string, ValueTask> Later(EndedCall call, RelayOutcome outcome, ResultRecord? results)
    {
        answers.Ended(call.ServerName, outcome);
        return (hasFailed, counted) => EndedAsync(
            call, OutcomeWords.Of(outcome with { IsError = outcome.IsError || hasFailed }), outcome.Status,
            outcome.Bytes, counted, results);
    }

    /// <summary>Records the end of a call that did not end with a server's response.</summary>
    public ValueTask EndedAsync(
        IAuditedCall call, string outcome, int status, long bytes, string counted, ResultRecord? results = null)
    {
        var nowMs = clock.NowMs();
        if (call.Message.Method == McpMethods.ToolsCall)
        {
            usage.CountResult(
                call.GrantName, call.ServerName, call.ToolLabel ?? UsageCounts.Other, call.PolicyName,
                nowMs - call.ArrivedMs, CallEnds.IsFailed(outcome, status), nowMs);
        }

        return audit.PostAsync(AuditEncoder.Outcome(call, nowMs, outcome, status, bytes, counted, results));
    }
}

/// <summary>The words for the end of a call in the record.</summary>
internal static class OutcomeWords
{
    /// <summary>The request was sent, and no response to it can arrive.</summary>
    public const string NoResponse = "no_response";

    public static string Of(in RelayOutcome outcome) => outcome.End switch
    {
        RelayEnd.Completed => outcome.IsError ? "error" : "completed",
        RelayEnd.ClientGone => "client gone",
        RelayEnd.UpstreamBroken => "upstream broken",
        RelayEnd.Denied => "answer denied",
        RelayEnd.Refused => "answer refused",
        RelayEnd.NoMemory => "no memory for the answer",
        RelayEnd.NoResponse => NoResponse,
        RelayEnd.TimedOut => "timed out",
        RelayEnd.Resumable => "resumed elsewhere",
        RelayEnd.Stopped => "stopped",
        _ => throw new NotSupportedException($"RelayEnd {outcome.End} has no case here."),
    };
}
