using System.Buffers;
using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Events;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Events;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Lists;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Tasks;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation.Streams;

/// <summary>
/// The handler of <c>subscriptions/listen</c> at several servers: each receives its own part of the request, and one
/// acknowledgment contains everything that they agreed to.
/// </summary>
internal sealed class Subscriptions(
    InnerCalls calls, Routes routes, MessageRewrites rewrites, StreamLimiter places, AggregationOptions options,
    StreamWatch watch)
{
    public async Task ListenAsync(AggregateRequest request)
    {
        using var place = places.TryEnter(request.Grant.Name);
        if (place is null)
        {
            await FaultAsync(request, McpErrorCodes.RateLimited, TooManyStreams.Text);
            return;
        }

        var uris = request.Servers.ToDictionary(
            static server => server, static _ => new Dictionary<string, string>(StringComparer.Ordinal),
            StringComparer.Ordinal);
        foreach (var uri in request.Message.ListenUris)
        {
            var found = await routes.FindResourceAsync(request, uri);
            if (found.Server is not { } server)
            {
                await FaultAsync(request, McpErrorCodes.InvalidParams, found.Reason(uri));
                return;
            }

            uris[server][found.Uri] = uri;
        }

        if (await TasksAsync(request) is not { } tasks)
            return;
        request.Deadline.Remove();
        using var views = watch.Views.Watch(request.Grant, null, request.Message);
        using var stream = new SharedStream(request.Http);
        // The gateway itself reports these lists, regardless of what the servers agree to.
        var lists = ChangedLists.RequestedBy(request.Message).Select(static list => list.Member);
        var agreed = new Agreement(uris, lists);
        var branches = request.Servers.Select(server => new StreamBranch(
            request, HttpMethods.Post, server, stream,
            new ServerEvents(server, static id => id, data => agreed.Take(server, data)))).ToList();
        try
        {
            var running = branches.Select(branch => branch.RunAsync(async _ =>
            {
                var asked = uris[branch.Server];
                await StreamAsync(
                    request, branch, BodyFor(request, asked.Keys, tasks[branch.Server]),
                    routes.Links(request, branch.Server, asked));
                agreed.Ended(branch.Server);
            })).ToList();
            await Task.WhenAny(
                agreed.All, Task.WhenAll(running), Task.Delay(options.ServerWait, watch.Time, request.Aborted));
            if (branches.Exists(static branch => branch.IsStream))
            {
                await stream.OpenAsync(agreed.Write(request.Message.Id));
                var ended = Task.WhenAll(running);
                await stream.AddAsync(views, ended);
                await ended;
                await stream.PassAsync(agreed.Last, request.Aborted);
            }
            else
            {
                request.Http.Response.Headers.CacheControl = "no-store";
                await MergedAnswer.NoneAsync(request, [.. branches.Select(static branch => branch.Answer)]);
            }
        }
        finally
        {
            branches.ForEach(static branch => branch.Dispose());
        }
    }

    /// <summary>
    /// Returns the client's ids of tasks by their server; null after writing an error, because the client does not use
    /// tasks, or a task does not exist.
    /// </summary>
    private async Task<ILookup<string, string>?> TasksAsync(AggregateRequest request)
    {
        var message = request.Message;
        if (message.ListensToTasks && TaskFault.Of(message, request.Revision) is { } fault)
        {
            await PlainResponse.FaultAsync(request.Http, fault);
            return null;
        }

        var found = ListenedTasks.Of(message)
            .Select(text => (Text: text, routes.FindTask(request, text)?.Server)).ToList();
        if (found.TrueForAll(static one => one.Server is not null))
            return found.ToLookup(static one => one.Server!, static one => one.Text, StringComparer.Ordinal);
        await FaultAsync(request, McpErrorCodes.InvalidParams, "One of the tasks does not exist.");
        return null;
    }

    /// <summary>Opens the stream of one server and relays it to its end.</summary>
    private async Task StreamAsync(
        AggregateRequest request, StreamBranch branch, ReadOnlyMemory<byte> body, IMessageRewriter links)
    {
        if (calls.Find(request, branch.Server) is not { } server
            || await calls.ReadAsync(request, body) is not { } message)
            return;
        var agent = new AgentMessage(
            branch.Http, request.Grant, message, request.Revision, new AgentAddress(branch.Server, [], null));
        if ((await rewrites.ForServerAsync(new NamedMessage(agent, null, server))).TryGetOutput(out var rewritten))
            await calls.StreamAsync(request, branch.Server, rewritten, branch.Http, links);
    }

    private static byte[] BodyFor(AggregateRequest request, IEnumerable<string> uris, IEnumerable<string> tasks) =>
        With(With(request.Message.Body.Span, "resourceSubscriptions", uris), "taskIds", tasks);

    private static byte[] With(ReadOnlySpan<byte> body, string member, IEnumerable<string> names)
    {
        if (RawJson.Find(body, "params", "notifications", member) is not { } place)
            return body.ToArray();
        var own = string.Join(
            ',', names.Select(static name => System.Text.Encoding.UTF8.GetString(RawJson.Text(name))));
        return RawJson.Replace(body, place, System.Text.Encoding.UTF8.GetBytes($"[{own}]"));
    }

    private static Task FaultAsync(AggregateRequest request, int code, string text) => PlainResponse.FaultAsync(
        request.Http, new McpFault(StatusCodes.Status200OK, code, text, request.Message.Id));

    /// <summary>The subscriptions that the servers have agreed to so far.</summary>
    private sealed class Agreement(
        IReadOnlyDictionary<string, Dictionary<string, string>> asked, IEnumerable<string> lists)
    {
        private readonly Lock _gate = new();
        private readonly SortedSet<string> _lists = new(lists, StringComparer.Ordinal);
        private readonly SortedSet<string> _uris = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _tasks = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<string> _said = new(StringComparer.Ordinal);

        /// <summary>A task that completes once every server has agreed, or will not.</summary>
        public Task All => _all.Task;

        /// <summary>The end of the subscription, as the last server sent it.</summary>
        public ReadOnlyMemory<byte> Last { get; private set; }

        /// <summary>Records that a server has agreed, or will not.</summary>
        public void Ended(string server)
        {
            lock (_gate)
            {
                // A server that agreed and then ended must not count twice, in place of one that has not responded yet.
                if (_said.Add(server) && _said.Count == asked.Count)
                    _all.TrySetResult();
            }
        }

        /// <summary>Takes the messages that are sent once for all servers: an acknowledgment and an end.</summary>
        public bool Take(string server, ReadOnlyMemory<byte> data)
        {
            try
            {
                using var json = JsonDocument.Parse(data);
                var message = json.RootElement;
                if (!message.TryGetProperty("method", out var method))
                {
                    var end = new ArrayBufferWriter<byte>();
                    SseRewriter.WriteNew(data.Span, end);
                    Last = end.WrittenMemory;
                    return true;
                }

                if (!method.ValueEquals(McpMethods.SubscriptionsAcknowledged))
                    return false;
                lock (_gate)
                    Add(message, asked[server]);
                Ended(server);
                return true;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                return false;
            }
        }

        public byte[] Write(ReadOnlyMemory<byte> id)
        {
            var buffer = new ArrayBufferWriter<byte>(512);
            using (var json = new Utf8JsonWriter(buffer))
            {
                JsonRpcWriter.BeginMessage(json, McpMethods.SubscriptionsAcknowledged);
                json.WriteStartObject("_meta"u8);
                json.WritePropertyName("io.modelcontextprotocol/subscriptionId"u8);
                json.WriteRawValue(id.Span, skipInputValidation: true);
                json.WriteEndObject();
                json.WriteStartObject("notifications"u8);
                lock (_gate)
                {
                    foreach (var list in _lists)
                        json.WriteBoolean(list, true);
                    WriteNames(json, "resourceSubscriptions"u8, _uris);
                    WriteNames(json, "taskIds"u8, _tasks);
                }

                json.WriteEndObject();
                JsonRpcWriter.End(json);
            }

            var events = new ArrayBufferWriter<byte>(512);
            SseRewriter.WriteNew(buffer.WrittenSpan, events);
            return events.WrittenSpan.ToArray();
        }

        private static void WriteNames(Utf8JsonWriter json, ReadOnlySpan<byte> member, SortedSet<string> names)
        {
            if (names.Count == 0)
                return;
            json.WriteStartArray(member);
            foreach (var name in names)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }

        private void Add(JsonElement message, Dictionary<string, string> own)
        {
            if (!message.TryGetProperty("params", out var parameters)
                || !parameters.TryGetProperty("notifications", out var agreed))
                return;
            foreach (var member in agreed.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.True)
                    _lists.Add(member.Name);
                else if (member.NameEquals("taskIds"u8) && member.Value.ValueKind == JsonValueKind.Array)
                    _tasks.UnionWith(member.Value.EnumerateArray().Select(static task => task.GetString()!));
                else if (member.Value.ValueKind == JsonValueKind.Array)
                    _uris.UnionWith(member.Value.EnumerateArray()
                        .Select(static uri => uri.GetString()!).Select(uri => own.GetValueOrDefault(uri, uri)));
            }
        }
    }
}
