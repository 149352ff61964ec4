using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Results;
using Gateway.Policy.Rules;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Sessions;

namespace Gateway.Proxy.Results;

/// <summary>
/// A factory of filters that evaluate responses; a filter is null if the policy has no <c>results</c>.
/// </summary>
internal sealed class ResultFilters(
    ResumableCalls resumable, OutputSchemas schemas, AuditLog audit, UpstreamMetrics answers,
    ProcessClock clock)
{
    // A longer message from a server is denied, because no rule can read it.
    private static int MessageBytesMax => McpReadBounds.Default.BodyBytesMax;

    /// <summary>Creates the filter for the response to a call and the messages that come with it.</summary>
    internal ResultFilter? Of(CallContext call, PolicyDecision decision, UpstreamResponse answer)
    {
        if (call.Binding.Policy.OtherMessages is not { } others)
            return null;
        var rules = decision.Results ?? ResultRules.None;
        if (call.Message is { Method: McpMethods.ToolsCall, Name: { } tool })
            rules = rules.Fitting(schemas.Find(call.Grant.CallerKey, call.ServerName, tool));
        else if (call.Tasks?.Tool is { } called)
        {
            rules = rules.Fitting(schemas.Find(call.Grant.CallerKey, call.ServerName, called));
            if (call.Message.Method != McpMethods.TasksResult)
                rules = rules.OfTask();
        }

        var own = ResultEngine.KeyOf(call.Message.Id);
        if (own is not null && call.Revision != McpRevision.Stateless && answer.MediaType == MediaTypes.EventStream)
            resumable.Add(call.Grant.CallerKey, PlaceOf(call.ServerName, call.Session.Session, own), rules);
        return new ResultFilter(
            id => own is not null && ResultEngine.KeyOf(id) == own ? rules : null, rules, others,
            MessageBytesMax, ResultBudget.OfCall(), new CallDenial(call));
    }

    /// <summary>Creates the filter for a stream whose messages belong to any call of a session.</summary>
    internal ResultFilter? Of(GrantModel grant, string server, BoundSession? session)
    {
        if (grant.Bindings[server].Policy.OtherMessages is not { } others)
            return null;
        return new ResultFilter(
            Find, ResultRules.None, others, MessageBytesMax, ResultBudget.OfStream(clock.NowMs),
            new StreamDenial(others));

        ResultRules? Find(ReadOnlyMemory<byte> id) => ResultEngine.KeyOf(id) is { } key
            ? resumable.Find(grant.CallerKey, PlaceOf(server, session, key))
            : null;
    }

    /// <summary>
    /// Returns the callback that records the tools of a list; null if the policy does not evaluate results.
    /// </summary>
    internal SeenTool? Watch(string caller, string server, PolicyBinding policy) => policy.OtherMessages is null
        ? null
        : (name, tool) => schemas.See(caller, server, name, tool);

    /// <summary>Records the findings of a stream that belongs to no call.</summary>
    internal async ValueTask RecordAsync(ResultFilter? filter, string callId, GrantModel grant, string server)
    {
        if (filter?.Findings.Record is not { } found)
            return;
        answers.RecordResults(server, found);
        await audit.PostAsync(AuditEncoder.Stream(
            callId, grant.Name, grant.Identity?.Caller, server, clock.NowMs(), found));
    }

    private static string PlaceOf(string server, BoundSession? session, string id) =>
        $"{server}\n{session?.CounterId}\n{id}";
}

/// <summary>A callback that receives a tool in a list.</summary>
/// <param name="name">The tool's name.</param>
/// <param name="tool">The whole definition from the server, as raw JSON.</param>
internal delegate void SeenTool(string name, ReadOnlySpan<byte> tool);
