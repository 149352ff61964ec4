using Gateway.Policy.Decisions;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
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
using Gateway.Proxy.Upstreams;
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
    RetryTokenStore marks, OpenTasks tasks) : IHostedService, IDisposable
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
            Places = [.. new[] { call.Open, call.ShadowOpen }.OfType<OpenCall>()],
            StateRequest = call.Message.Method == McpMethods.ToolsCall && (call.Open ?? call.ShadowOpen) is not null
                ? OpenTasks.StateRequest(call) : null,
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
    /// Stores a call that may create a task, for another frontend at which its client resumes the stream. Call this
    /// before the client receives the first event id.
    /// </summary>
    public async ValueTask MarkAsync(CallContext call)
    {
        if (!call.MayResume || call.Message is not { Method: McpMethods.ToolsCall, Name: { } tool }
            || tool.Length > ToolLabels.LabelCharsMax || ResultEngine.KeyOf(call.Message.Id) is not { } id
            || RawJson.Find(call.Message.Body.Span, "params", "task") is null)
            return;
        try
        {
            await marks.MarkAsync(MarkOf(KeyOf(call, id)), call.GrantName, new MarkedCall(tool, call.IdText));
        }
        catch (ControlStoreException)
        {
            // Another frontend passes the server's id of the task, which the client cannot use.
        }
    }

    /// <summary>
    /// Resumes a stream of a session. The returned object must see the messages of that stream, and must be disposed at
    /// its end. Returns null without a session.
    /// </summary>
    public async ValueTask<Resumed?> ResumeAsync(string grant, string server, BoundSession? session)
    {
        if (session is null)
            return null;
        var documents = await TryReadAsync();
        var prefix = KeyOf(grant, server, session, "");
        var own = _calls.Values.Where(one => one.Session == prefix).ToList();
        foreach (var open in own)
            open.Timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (own.Count == 0 && marks.IsShared)
            _ = MarkAsync(grant, prefix);
        return new Resumed(this, own, prefix, server, documents);
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
            if (marks.IsShared && await marks.MarkedAsync(MarkOf(open.Session)) >= open.EndedMs)
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

    private async ValueTask<ControlSnapshot?> TryReadAsync()
    {
        try
        {
            return await marks.ReadAsync();
        }
        catch (ControlStoreException)
        {
            return null;
        }
    }

    private async Task EndAsync(OpenResume open, RelayEnd end, CreatedTask? task = null)
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
            if (task is { End: TaskEnd.None } && open.StateRequest is { } request)
                tasks.Take(open.Server, task, open.Places, request);
            else
                await Task.WhenAll(open.Places.Select(static place => place.ReleaseAsync()));
        }

        await outcomes.EndedAsync(open.Call, outcome, open.Counted);
    }

    private static string KeyOf(CallContext call, string id) =>
        KeyOf(call.Grant.CallerKey, call.ServerName, call.Session.Session, id);

    private static string KeyOf(string caller, string server, BoundSession? session, string id) =>
        $"{caller}\n{server}\n{session?.CounterId}\n{id}";

    /// <summary>A resumed stream, on which open calls of its session may get their response.</summary>
    internal sealed class Resumed(
        OpenResumes all, List<OpenResume> open, string prefix, string server, ControlSnapshot? documents) : IDisposable
    {
        /// <summary>True if calls of the session are open.</summary>
        public bool HasCalls => open.Count > 0;

        /// <summary>Checks a message of the stream for a response.</summary>
        public void See(ReadOnlyMemory<byte> message)
        {
            if (KeyIn(message) is { } key && all._calls.TryGetValue(key, out var answered))
                _ = all.EndAsync(answered, RelayEnd.Completed, CreatedTask.Read(message));
        }

        /// <summary>
        /// Returns, for a response that creates a task, its handle by the server's id; null if its call is unknown.
        /// </summary>
        public Func<string, TaskHandle>? TaskOf(ReadOnlySpan<byte> message)
        {
            if (KeyIn(message.ToArray()) is not { } key)
                return null;
            // The response has ended the call by now.
            var own = open.Find(one => one.Key == key)?.Call;
            var call = own?.Message is { Method: McpMethods.ToolsCall, Name: { } tool }
                ? new MarkedCall(tool, own.IdText)
                : documents is null ? null : RetryTokenStore.CallOf(documents, MarkOf(key));
            return call is null ? null : id => new TaskHandle(server, call.Tool, call.CallId, id);
        }

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

    public required List<OpenCall> Places { get; init; }

    /// <summary>Makes the requests for the state of a task; null if the call holds no places until its end.</summary>
    public required Func<string, UpstreamRequest>? StateRequest { get; init; }

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
