using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp.Events;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Pool;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Tasks;

/// <summary>
/// The tasks that hold places of <c>max_in_flight</c>, or whose calls are refunded if they fail. The gateway requests
/// the state of each at its server's interval, whether or not its client still requests it: the place is free when the
/// task has ended, and its first final state decides on the refund.
/// </summary>
internal sealed class OpenTasks(UpstreamPool upstreams, ProcessClock clock, TimeProvider time)
{
    /// <summary>
    /// The maximum number of tasks; the places of others are kept like those of lost calls, and their calls count.
    /// 4,096.
    /// </summary>
    public const int TasksMax = 4096;

    private const long PollMsMin = 250;
    private const long PollMsMax = 60_000;
    private const long PollMsDefault = 1000;

    /// <summary>The time for which the gateway requests the state of a task without a TTL.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    private static int StateBytesMax => McpReadBounds.Default.BodyBytesMax;

    private int _count;

    /// <summary>
    /// Takes the places and the refundable permits of a call over if it has created a task; returns false if the
    /// call keeps them.
    /// </summary>
    public bool TryTake(AdmittedCall admitted, CreatedTask? task)
    {
        var call = admitted.Call;
        if (call.Message.Method != McpMethods.ToolsCall
            || ((call.Open ?? call.ShadowOpen) is null && !admitted.HasRefundable)
            || task is not { End: TaskEnd.None })
            return false;
        Take(call.Server, task, call.TakePlaces(), StateRequest(call),
            admitted.HasRefundable ? admitted.EndLater : null);
        return true;
    }

    /// <summary>Takes the places of a call over whose task was created on a resumed stream.</summary>
    /// <param name="server">The server.</param>
    /// <param name="task">The task.</param>
    /// <param name="places">The places.</param>
    /// <param name="request">Makes the requests for the state of a task.</param>
    public void Take(
        ServerModel server, CreatedTask task, List<OpenCall> places, Func<string, UpstreamRequest> request)
    {
        places.ForEach(static place => place.Continue());
        Take(server, task, places, request, later: null);
    }

    private void Take(
        ServerModel server, CreatedTask task, List<OpenCall> places, Func<string, UpstreamRequest> request,
        Func<LaterEnd>? later)
    {
        if (Interlocked.Increment(ref _count) <= TasksMax)
            _ = WatchAsync(server, task, places, request, later?.Invoke());
        else
        {
            Interlocked.Decrement(ref _count);
            places.ForEach(static place => place.KeepUnanswered());
        }
    }

    private async Task WatchAsync(
        ServerModel server, CreatedTask task, List<OpenCall> places, Func<string, UpstreamRequest> request,
        LaterEnd? later)
    {
        var ended = request(task.Id).CallerEnded;
        var every = TimeSpan.FromMilliseconds(Math.Clamp(task.PollMs ?? PollMsDefault, PollMsMin, PollMsMax));
        var ttl = TaskTtl.Of(server, task.TtlMs);
        var longest = ttl < Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(Math.Max(ttl.Value, 0)) : Longest;
        var began = time.GetTimestamp();
        var end = TaskEnd.None;
        while (end == TaskEnd.None && !ended.IsCancellationRequested && time.GetElapsedTime(began) < longest
            && (clock.NowMs() < later?.UntilMs || places.Exists(static place => place.IsHeld)))
        {
            await Task.Delay(every, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ended.IsCancellationRequested)
                end = await EndAsync(upstreams.Get(server), request(task.Id), ended);
        }

        Interlocked.Decrement(ref _count);
        // A task whose state nobody can request, because its grant or its TTL has ended, may still run.
        if (end != TaskEnd.None)
            await Task.WhenAll(places.Select(static place => place.ReleaseAsync()));
        else
            places.ForEach(static place => place.KeepUnanswered());
        if (later is not null)
            await later.EndAsync(end == TaskEnd.Failed, clock.NowMs());
    }

    private async Task<TaskEnd> EndAsync(IUpstream upstream, UpstreamRequest request, CancellationToken ended)
    {
        using var limit = new CancellationTokenSource(Within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
        try
        {
            using var answer = await upstream.SendAsync(request, either.Token);
            // A server that has lost the session has lost its tasks.
            if (answer.StatusCode == StatusCodes.Status404NotFound && request.SessionId is not null)
                return TaskEnd.Ended;
            using var bytes = new PooledBuffer();
            return BodyDecoder.TryOpen(answer, out var body) && await ReadAsync(body, bytes, either.Token)
                ? EndOf(bytes.Written, answer.MediaType == MediaTypes.EventStream) : TaskEnd.None;
        }
        catch (Exception e) when (e is OperationCanceledException or UpstreamException or IOException
            or HttpRequestException or InvalidDataException)
        {
            // The state is unknown, and the next request may have a response.
            return TaskEnd.None;
        }
    }

    private static async Task<bool> ReadAsync(Stream body, PooledBuffer bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length <= StateBytesMax)
        {
            var count = await body.ReadAsync(bytes.GetMemory(), cancellationToken);
            if (count == 0)
                return true;
            bytes.Advance(count);
        }

        // Only a result has that length.
        return false;
    }

    private static TaskEnd EndOf(ReadOnlyMemory<byte> body, bool isEvents)
    {
        if (!isEvents)
            return EndOf(body);
        using var events = new SseAssembler(StateBytesMax);
        while (!body.IsEmpty && events.TryGetRoom(out var room))
        {
            var count = Math.Min(room.Length, body.Length);
            body[..count].CopyTo(room);
            body = body[count..];
            events.Advance(count);
            while (events.TryTake(out var segment))
            {
                if (!segment.Data.IsEmpty && EndOf(segment.Data) is not TaskEnd.None and var end)
                    return end;
            }
        }

        return TaskEnd.None;
    }

    /// <summary>
    /// Returns the end of the task by a response with its state; a task that does not exist has ended.
    /// </summary>
    private static TaskEnd EndOf(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var json = JsonDocument.Parse(message);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return TaskEnd.None;
            if (root.TryGetProperty("result", out var state))
                return CreatedTask.EndOf(state);
            return root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt32(out var number) && number == Mcp.McpErrorCodes.InvalidParams
                ? TaskEnd.Ended : TaskEnd.None;
        }
        catch (JsonException)
        {
            return TaskEnd.None;
        }
    }

    /// <summary>
    /// Returns the maker of requests for the state of a task by its id, from copies of the call's parts: the call and
    /// its request may have ended.
    /// </summary>
    public static Func<string, UpstreamRequest> StateRequest(CallContext call)
    {
        var isStateless = call.Revision == McpRevision.Stateless;
        var headers = new HeaderDictionary();
        foreach (var (name, value) in call.Http.Request.Headers)
        {
            if (!name.StartsWith(McpHeaders.ParamPrefix, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(McpHeaders.Name, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(McpHeaders.Method, StringComparison.OrdinalIgnoreCase))
                headers[name] = value;
        }

        if (isStateless)
            headers[McpHeaders.Method] = McpMethods.TasksGet;

        var message = call.Message.Body.Span;
        var meta = isStateless && RawJson.Find(message, "params", "_meta") is { } place
            ? CapabilityFilter.Without(message[place], "progressToken") ?? message[place].ToArray() : null;
        var (session, revision, grant) = (call.Session.Session?.UpstreamId, call.Revision, call.Grant);
        var (ended, token) = (call.Binding.Ended, call.Http.Features.Get<SubjectToken>());
        return id =>
        {
            if (isStateless)
                headers[McpHeaders.Name] = HeaderValueCodec.Encode(id);
            var callId = CallId.New().ToString();
            var body = Body(callId, id, meta);
            return new UpstreamRequest
            {
                Method = HttpMethod.Post,
                Body = body,
                ClientHeaders = headers,
                CallId = callId,
                SessionId = session,
                Message = McpReader.Read(body, McpReadBounds.Default).Message,
                Revision = revision,
                Caller = grant.CallerKey,
                Grant = grant,
                SubjectToken = token,
                Memory = grant.State.Memory,
                CallerEnded = ended,
            };
        };
    }

    private static byte[] Body(string callId, string id, byte[]? meta)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.BeginMessage(scratch.Json, McpMethods.TasksGet, "gateway-" + callId);
        scratch.Json.WriteString("taskId"u8, id);
        if (meta is not null)
        {
            scratch.Json.WritePropertyName("_meta"u8);
            scratch.Json.WriteRawValue(meta, skipInputValidation: true);
        }

        JsonRpcWriter.End(scratch.Json);
        return scratch.ToArray();
    }
}
