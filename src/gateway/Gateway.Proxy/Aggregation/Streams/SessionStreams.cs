using Gateway.Mcp.Headers;
using Gateway.Proxy.Aggregation.Events;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Lists;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Upstreams.Relay;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation.Streams;

/// <summary>
/// The handler of GET and DELETE of a session at several servers: their streams are merged, and end together.
/// </summary>
internal sealed class SessionStreams(
    InnerCalls calls, Routes routes, SessionEndpoint sessions, GrantRevalidator grants, StreamLimiter places,
    AggregationOptions options, StreamWatch watch)
{
    public async Task GetAsync(AggregateRequest request)
    {
        var http = request.Http;
        using var place = places.TryEnter(request.Grant.Name);
        if (place is null)
        {
            await PlainResponse.TextAsync(http, StatusCodes.Status429TooManyRequests, TooManyStreams.Text);
            return;
        }

        var isOne = false;
        Dictionary<string, string>? from = [];
        if (http.Request.Headers[McpHeaders.LastEventId].ToString() is { Length: > 0 } last
            && (from = EventIds.Read(last, out isOne)) is null)
        {
            await PlainResponse.TextAsync(http, StatusCodes.Status400BadRequest,
                "The Last-Event-ID was not issued at this address. Open a new stream without it.");
            return;
        }

        if (isOne)
            await ResumeAsync(request, from.Single());
        else
            await MergeAsync(request, from);
    }

    public async Task DeleteAsync(AggregateRequest request)
    {
        var statuses = await Task.WhenAll(request.Servers.Select(async server =>
        {
            if (request.Session?.Find(server) is not { Id: not null })
                return StatusCodes.Status200OK;
            using var stream = new SharedStream(request.Http);
            using var branch = new StreamBranch(
                request, HttpMethods.Delete, server, stream, new ServerEvents(server, static id => id));
            await branch.RunAsync(http => RelayAsync(request, http, server))
                .WaitAsync(options.ServerWait, watch.Time, request.Aborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return branch.Http.Response.StatusCode;
        }));
        request.Http.Response.StatusCode = statuses.Length == 0 ? StatusCodes.Status200OK : statuses.Min();
    }

    /// <summary>Resumes a stream of one server, such as the rest of a response, at that server.</summary>
    private async Task ResumeAsync(AggregateRequest request, KeyValuePair<string, string> from)
    {
        request.Http.Request.Headers[McpHeaders.LastEventId] = from.Value;
        await using var events = RoutedBody.Take(request.Http, from.Key, static _ => false);
        if (!await RelayAsync(request, request.Http, from.Key))
        {
            await PlainResponse.TextAsync(request.Http, StatusCodes.Status404NotFound,
                $"The server {from.Key} has no session here.");
        }
    }

    private async Task MergeAsync(AggregateRequest request, Dictionary<string, string> from)
    {
        using var views = watch.Views.Watch(request.Grant, null);
        using var stream = new SharedStream(request.Http);
        var ids = new EventIds();
        foreach (var (server, id) in from)
            ids.Next(server, id);
        var branches = request.Servers.Select(server => new StreamBranch(
            request, HttpMethods.Get, server, stream,
            new ServerEvents(server, id => ids.Next(server, id)))).ToList();
        try
        {
            var running = branches.Select(branch => branch.RunAsync(async http =>
            {
                if (from.TryGetValue(branch.Server, out var id))
                    http.Request.Headers[McpHeaders.LastEventId] = id;
                await RelayAsync(request, http, branch.Server);
            })).ToList();
            await Task.WhenAny(
                Task.WhenAll(branches.Select(static branch => branch.Begun)),
                AnyStreamAsync(branches), Task.Delay(options.ServerWait, watch.Time, request.Aborted));
            if (!running.TrueForAll(static run => run.IsCompleted) || branches.Exists(static one => one.IsStream))
                await stream.OpenAsync();
            var ended = Task.WhenAll(running);
            await stream.AddAsync(views, ended);
            await ended;
            if (request.Http.Response.HasStarted)
                return;
            if (!branches.Exists(static one => one.Http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed))
                await McpEndpoint.MethodNotAllowedAsync(request.Http, "POST, DELETE");
            // The current grant: its stream also ends with the token of its caller.
            else if (request.Servers.Select(server => grants.Now(request.Grant, server)).FirstOrDefault(
                static now => now is not null) is { Grant: var current })
            {
                await sessions.NotifyAsync(request.Http, current, views);
            }
            else
                request.Http.Abort();
        }
        finally
        {
            branches.ForEach(static branch => branch.Dispose());
        }
    }

    private static async Task AnyStreamAsync(List<StreamBranch> branches)
    {
        await foreach (var begun in Task.WhenEach(branches.Select(static branch => branch.Begun)))
        {
            await begun;
            if (branches.Exists(static branch => branch.IsStream))
                return;
        }
    }

    private async Task<bool> RelayAsync(AggregateRequest request, HttpContext http, string server)
    {
        if (!request.Grant.Bindings.ContainsKey(server) || grants.Now(request.Grant, server) is not { } allowed
            || !allowed.Grant.Bindings[server].Policy.HasPolicy
            || await calls.FindSessionAsync(request, server) is not { } session)
        {
            return false;
        }

        if (session.Version is { } version)
            http.Request.Headers[McpHeaders.ProtocolVersion] = version;
        await sessions.RelayAsync(
            http, allowed.Grant, allowed.Server, calls.Binding(request, server, session),
            rewriter: routes.Links(request, server));
        await http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        return true;
    }
}
