using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Lists;
using Gateway.Proxy.Aggregation.Names;
using Gateway.Proxy.Aggregation.Raw;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Aggregation.Streams;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Tasks;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation;

/// <summary>
/// The router of a message to its servers: to one, by the table of listed names, or to all servers of the grant.
/// </summary>
internal sealed class AggregateRouter(
    InnerCalls calls, Routes routes, MergedLists lists, MergedOpening opening, Subscriptions subscriptions,
    AggregateRewrites rewrites, MergedLimits limits)
{
    private const int ResourceNotFound = -32002;
    private const string NotListed = "(not listed)";
    private const string UnknownTask =
        "The task does not exist. Use the id of a task that one of your own calls returned.";

    /// <summary>The longest wait for the response of one server.</summary>
    public TimeSpan ServerWait => calls.ServerWait;

    public bool MayCall(AggregateRequest request) => calls.MayCall(request);

    public PauseReason? WhyPaused(AggregateRequest request) => calls.WhyPaused(request);

    /// <summary>Responds to the message; returns false if no policy has evaluated it.</summary>
    public async Task<bool> AnswerAsync(AggregateRequest request)
    {
        var received = new AgentMessage(
            request.Http, request.Grant, request.Message, request.Revision,
            new AgentAddress(null, request.Servers, ExposedName.Of));
        if (!(await rewrites.DirectAsync(received)).TryGetOutput(out var direct))
            return false;
        request.Message = direct.Agent.Message;
        var message = request.Message;
        if (message.Kind == McpMessageKind.Response)
            return await AnswerOfClientAsync(request);
        if (ListMethod.Of(message.Method) is { } list)
        {
            await lists.AnswerAsync(request, list);
            return true;
        }

        switch (message.Method)
        {
            case McpMethods.Initialize:
                await opening.InitializeAsync(request);
                return true;
            case McpMethods.ServerDiscover:
                await opening.DiscoverAsync(request);
                return true;
            // The stateless revision has no ping.
            case McpMethods.Ping when request.Revision == McpRevision.Legacy:
                await MergedAnswer.WriteAsync(request, [], static _ => { });
                return true;
            case McpMethods.SubscriptionsListen:
                await subscriptions.ListenAsync(request);
                return true;
            case McpMethods.ToolsCall:
                return await ByNameAsync(request, direct, McpListKind.Tools, ["params", "name"]);
            case McpMethods.TasksGet or McpMethods.TasksResult or McpMethods.TasksUpdate or McpMethods.TasksCancel:
                return await ByTaskAsync(request, direct);
            case McpMethods.PromptsGet:
                return await ByNameAsync(request, direct, McpListKind.Prompts, ["params", "name"]);
            case McpMethods.CompletionComplete when message.Subject == McpSubject.Prompt:
                return await ByNameAsync(request, direct, McpListKind.Prompts, ["params", "ref", "name"]);
            case McpMethods.ResourcesRead when message.Name == ReservedUris.Limits:
                await limits.AnswerAsync(request);
                return true;
            case McpMethods.CompletionComplete or McpMethods.ResourcesRead or McpMethods.ResourcesSubscribe
                or McpMethods.ResourcesUnsubscribe:
                return await ByUriAsync(request, direct);
            case McpMethods.LoggingSetLevel:
                return await ToAllAsync(request);
            case McpMethods.Progress when Token(message) is { } place:
                return await ProgressAsync(request, place);
            default:
                return message.Kind == McpMessageKind.Notification
                    ? await ToAllAsync(request) : await NotServedAsync(request);
        }
    }

    /// <summary>
    /// Forwards the client's response to the server that sent the request; a response to a request of the gateway goes
    /// to none.
    /// </summary>
    private async Task<bool> AnswerOfClientAsync(AggregateRequest request)
    {
        if (UrlElicitation.IsAnswer(request.Message))
        {
            request.Http.Response.StatusCode = StatusCodes.Status202Accepted;
            return true;
        }

        if (RoutedId.Unwrap(request.Message.Id.Span) is not { } routed || !request.Servers.Contains(routed.Server))
        {
            await PlainResponse.TextAsync(request.Http, StatusCodes.Status400BadRequest,
                "The response does not belong to a request from a server of this grant. Send it with the id of that "
                + "request, unchanged.");
            return false;
        }

        var body = RelatedTask.ToServer(request.Message,
            text => routes.FindTask(request, text) is { IsOwn: false } task ? task.Id : null)
            ?? request.Message.Body.ToArray();
        return await calls.ForwardAsync(request, routed.Server,
            RawJson.Replace(body, RawJson.Find(body, "id")!.Value, routed.Raw));
    }

    private async Task<bool> ByNameAsync(
        AggregateRequest request, DirectMessage direct, McpListKind kind, string[] path)
    {
        var (server, name, missing) = await routes.FindAsync(request, kind, request.Message.Name!);
        if (server is not null)
            return await ToServerAsync(request, server, direct, path, name, routes.Links(request, server));
        // The server lists nothing before its caller has connected. This call gets the link in the form of its client.
        foreach (var one in missing.Where(static one => one.NeedsConnection))
        {
            if (ExposedName.UnlistedAt(one.Server, request.Message.Name!) is { Length: > 0 } own
                && calls.Find(request, one.Server) is { IsPerCaller: true })
            {
                return await ToServerAsync(
                    request, one.Server, direct, path, own, routes.Links(request, one.Server), mayOnlyConnect: true);
            }
        }

        var what = kind == McpListKind.Tools ? "tool" : "prompt";
        await UnknownAsync(request, McpErrorCodes.InvalidParams,
            $"No server of this grant lists a {what} {request.Message.Name}.", missing);
        return false;
    }

    private async Task<bool> ByUriAsync(AggregateRequest request, DirectMessage direct)
    {
        var asked = request.Message.Name!;
        var found = await routes.FindResourceAsync(request, asked);
        if (found.Server is { } server)
        {
            string[] path = request.Message.Method == McpMethods.CompletionComplete
                ? ["params", "ref", "uri"] : ["params", "uri"];
            // The client receives the URI that it sent.
            var links = routes.Links(
                request, server, new Dictionary<string, string>(StringComparer.Ordinal) { [found.Uri] = asked });
            return await ToServerAsync(request, server, direct, path, found.Uri, links);
        }

        var isUnknown = found.Owners.Count == 0;
        // A server's name needs no escaping.
        var servers = isUnknown
            ? "" : $",\"servers\":[{string.Join(',', found.Owners.Select(static one => $"\"{one}\""))}]";
        await UnknownAsync(
            request,
            isUnknown && request.Revision == McpRevision.Legacy ? ResourceNotFound : McpErrorCodes.InvalidParams,
            found.Reason(asked), found.Missing,
            [.. "{\"uri\":"u8, .. RawJson.Text(asked), .. System.Text.Encoding.UTF8.GetBytes(servers), (byte)'}']);
        return false;
    }

    /// <summary>Sends a message to the server that owns the named item.</summary>
    private async Task<bool> ToServerAsync(
        AggregateRequest request, string server, DirectMessage direct, string[] path, string name, ResourceLinks links,
        bool mayOnlyConnect = false)
    {
        if (calls.Find(request, server) is not { } model)
            return await calls.NotAllowedAsync(request, server, request.Message);
        var routed = new RoutedMessage(direct, model, path, name);
        return (await rewrites.ForServerAsync(routed)).TryGetOutput(out var rewritten)
            && await calls.ForwardAsync(request, server, rewritten, links, mayOnlyConnect);
    }

    private async Task<bool> ProgressAsync(AggregateRequest request, Range place)
    {
        var body = request.Message.Body;
        if (RoutedId.Unwrap(body.Span[place]) is { } routed && request.Servers.Contains(routed.Server))
            return await calls.ForwardAsync(request, routed.Server, RawJson.Replace(body.Span, place, routed.Raw));
        // Progress of an unknown request can be ignored.
        request.Http.Response.StatusCode = StatusCodes.Status202Accepted;
        return true;
    }

    /// <summary>Sends a message to all servers; succeeds if at least one accepts it.</summary>
    private async Task<bool> ToAllAsync(AggregateRequest request)
    {
        var answers = await Task.WhenAll(
            request.Servers.Select(server => calls.AskAsync(request, server, request.Message.Body)));
        if (answers.All(static answer => answer.Why is not null))
            await MergedAnswer.NoneAsync(request, answers);
        else if (request.Message.Kind == McpMessageKind.Notification)
            request.Http.Response.StatusCode = StatusCodes.Status202Accepted;
        else
            await MergedAnswer.WriteAsync(
                request, [.. answers.Where(static answer => answer is { Why: not null, LacksMethod: false })],
                static _ => { });
        return true;
    }

    private static Range? Token(McpMessage message) => RawJson.Find(message.Body.Span, "params", "progressToken");

    /// <summary>Sends a message about a task to the server that has it, by the client's id of the task.</summary>
    private async Task<bool> ByTaskAsync(AggregateRequest request, DirectMessage direct)
    {
        var text = request.Message.Name!;
        if (routes.FindTask(request, text) is { } task)
        {
            return await ToServerAsync(
                request, task.Server, direct, ["params", "taskId"], text, routes.Links(request, task.Server));
        }

        // A task that exists gets the same errors at its server, by the server's policy.
        if (TaskFault.Of(request.Message, request.Revision) is { } fault)
            await PlainResponse.FaultAsync(request.Http, fault);
        else
            await UnknownAsync(request, McpErrorCodes.InvalidParams, UnknownTask, []);
        return false;
    }

    private static async Task<bool> NotServedAsync(AggregateRequest request)
    {
        var status = request.Revision == McpRevision.Stateless
            ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        await PlainResponse.FaultAsync(request.Http, new McpFault(status, McpErrorCodes.MethodNotFound,
            $"{request.Message.Method} is not served at the address of several servers. If this revision of the "
            + "protocol defines it, call it at its server's own address.", request.Message.Id));
        return false;
    }

    /// <summary>Responds to a name that no server lists, possibly because its server is unavailable.</summary>
    private async Task UnknownAsync(
        AggregateRequest request, int code, string text, IReadOnlyList<ServerAnswer> missing, byte[]? data = null)
    {
        // A paused server lists nothing, so that the call of its tool seems to name an unknown one.
        var isPaused = request.Message.Name is { } name
            && missing.FirstOrDefault(one => ExposedName.UnlistedAt(one.Server, name) is not null) is { } stopped
            && await calls.RecordPauseAsync(request, stopped.Server, request.Message);
        if (!isPaused)
            await routes.Unlisted.RecordAsync(request.Grant, "", request.Message, NotListed, text.TrimEnd('.'));
        if (missing.Count == 0)
        {
            await FaultAsync(request, code, text, data);
            return;
        }

        var why = string.Join("; ", missing.Select(static answer => $"the server {answer.Server} {answer.Why}"));
        await ServerUnavailable.WriteAsync(
            request.Http, request.Message, request.Revision, missing[0].Server, StatusCodes.Status502BadGateway,
            $"{text} It may belong to an unreachable server: {why}. Nothing was counted; try again later.");
    }

    private static Task FaultAsync(AggregateRequest request, int code, string text, byte[]? data = null) =>
        PlainResponse.FaultAsync(
            request.Http,
            new McpFault(StatusCodes.Status200OK, code, text, request.Message.Id) { Data = data });
}
