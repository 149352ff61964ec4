using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Tools;
using System.Text.Json;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The stage that serves the search tools of a grant whose tools are found by search: responds to list and search
/// requests, and turns a call of <c>call_tool</c> into the direct call.
/// </summary>
internal sealed class SearchToolStage(
    ToolSearch search, MessageReading reading, EdgeAvailability availability)
    : IStage<UnsealedMessage, DirectMessage>
{
    private const int FoundMax = 20;
    private const int FoundByDefault = 5;

    public ValueTask<StageResult<DirectMessage>> RunAsync(UnsealedMessage input) =>
        input.Agent is { Grant.ToolsAs: ToolsAs.Search, Message: { Kind: McpMessageKind.Request } message }
        && (message.Method == McpMethods.ToolsList
            || (message.Method == McpMethods.ToolsCall && MetaTools.Has(message.Name!)))
            ? RunAsync(input.Agent, input.Retry)
            : new(new DirectMessage(input.Agent, input.Retry));

    private async ValueTask<StageResult<DirectMessage>> RunAsync(AgentMessage agent, ApprovalRetry? retry)
    {
        var (http, message) = (agent.Http, agent.Message);
        if (message.Name == MetaTools.Call)
        {
            return await UnwrapAsync(agent) is { } direct
                ? new DirectMessage(agent with { Message = direct }, retry)
                : StageEnd.Finished;
        }

        // With stale policies, the gateway does not know which tools the grant may call.
        if (await availability.DeniesAsStaleAsync(http))
            return StageEnd.Finished;
        if (message.Method == McpMethods.ToolsList)
        {
            var mayCallNothing = !agent.Address.Servers.Any(server =>
                agent.Grant.Bindings.TryGetValue(server, out var binding) && binding.Policy.HasPolicy);
            await ToolAnswer.ListAsync(http, message, agent.Revision, mayCallNothing, FoundMax);
        }
        else if (message.Name == MetaTools.Find)
            await FindAsync(agent);
        else
            await DescribeAsync(agent);
        return StageEnd.Finished;
    }

    private async Task FindAsync(AgentMessage agent)
    {
        var (http, grant, message, revision, address) = agent;
        var (query, limit) = ("", FoundByDefault);
        if (!message.Arguments.IsEmpty)
        {
            using var arguments = JsonDocument.Parse(message.Arguments, new JsonDocumentOptions { MaxDepth = 256 });
            var isSound = (!arguments.RootElement.TryGetProperty("query", out var text) || TryText(text, out query))
                && (!arguments.RootElement.TryGetProperty("limit", out var number)
                    || (number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out limit) && limit > 0));
            if (!isSound)
            {
                await ToolAnswer.ErrorAsync(http, message, revision,
                    "find_tools takes \"query\", a string, and \"limit\", a whole number of 1 or more.");
                return;
            }
        }

        var all = await search.OfAsync(grant, address.Servers, address.NameOf, http.RequestAborted);
        await ToolAnswer.TextAsync(http, message, revision,
            FoundTools.Find(all, query.Trim(), Math.Min(limit, FoundMax)));
    }

    private async Task DescribeAsync(AgentMessage agent)
    {
        var (http, grant, message, revision, address) = agent;
        var name = "";
        using (var arguments = message.Arguments.IsEmpty
            ? null : JsonDocument.Parse(message.Arguments, new JsonDocumentOptions { MaxDepth = 256 }))
        {
            if (arguments is null || !arguments.RootElement.TryGetProperty("name", out var text)
                || !TryText(text, out name))
            {
                await ToolAnswer.ErrorAsync(http, message, revision,
                    "describe_tool takes \"name\", the name of a tool as find_tools shows it.");
                return;
            }
        }

        var all = await search.OfAsync(grant, address.Servers, address.NameOf, http.RequestAborted);
        if (all.Tools.FirstOrDefault(one => one.Name == name) is { } found)
        {
            search.Shown(grant, found);
            await ToolAnswer.TextAsync(http, message, revision, FoundTools.Describe(found));
            return;
        }

        var missing = all.Missing.Count == 0 ? "" : " The tool may belong to an unreachable server: "
            + string.Join("; ", all.Missing.Select(static one => $"the server {one.Server} {one.Why}")) + ".";
        await ToolAnswer.ErrorAsync(http, message, revision,
            $"There is no tool of that name, or you may not call it. Find the right name with find_tools.{missing}");
    }

    private async Task<McpMessage?> UnwrapAsync(AgentMessage agent)
    {
        var (http, grant, message, revision, address) = agent;
        if (WrappedCall.Unwrap(message, out var problem) is not { } body)
        {
            await ToolAnswer.ErrorAsync(http, message, revision, problem!);
            return null;
        }

        if (await reading.ReadOrRefuseAsync(http, grant, body, message.Id) is not { } direct)
            return null;
        MirroredHeaders.Set(http.Request.Headers, direct, revision, null);
        var known = search.Known(grant, address.Servers, address.NameOf, direct.Name!);
        ParameterHeaders.Set(http.Request.Headers, revision, known?.Tool.Definition, direct.Arguments);
        if (known is not null)
            search.Shown(grant, known);
        return direct;
    }

    private static bool TryText(JsonElement value, out string text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return value.ValueKind == JsonValueKind.String;
    }
}
