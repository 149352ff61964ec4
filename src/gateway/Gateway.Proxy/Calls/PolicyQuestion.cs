using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Pinning;

namespace Gateway.Proxy.Calls;

/// <summary>
/// The evaluation of the policy for a message: once, or for a subscription once for each resource that it names.
/// </summary>
internal sealed class PolicyQuestion(IEngineHealth engine, PinnedTools pinned, SnapshotHolder snapshots)
{
    private static readonly PolicyDecision Answer = new()
    {
        Outcome = DecisionOutcome.Allow,
        Rule = PolicyRuleNames.Protocol,
    };

    private static readonly PolicyDecision AnswerToNobody = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = PolicyRuleNames.Protocol,
        Reason = "a response must belong to a request from the server, and servers send requests only in a session",
        NextStep = "Send the Mcp-Session-Id of the session in which the server sent its request.",
    };

    // The same words for another caller's task: nobody learns that it exists.
    private static readonly PolicyDecision UnknownTask = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = PolicyRuleNames.UnknownTask,
        Reason = "The task does not exist",
        NextStep = "Use the id of a task that one of your own calls returned.",
    };

    private static readonly PolicyDecision OwnTask = new()
    {
        Outcome = DecisionOutcome.Allow,
        Rule = PolicyRuleNames.Task,
    };

    // Without its request, deny_if would find no header.
    private static readonly PolicyDecision HeadersGone = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = PolicyRuleNames.UnreadableArguments,
        Reason = "The policy reads headers of the request, but a call that runs later as a task no longer has them",
        NextStep = "Call again.",
    };

    private static readonly PolicyDecision OnlyRead = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = PolicyRuleNames.LimitsNotShown,
        Reason = $"{ReservedUris.Limits} belongs to the gateway and can only be read",
        NextStep = "Use resources/read.",
    };

    public PolicyDecision Decide(CallContext call) =>
        call.Message is { Method: McpMethods.ToolsCall, Name: { } tool }
        && snapshots.Current.Pauses.OfTool(call.Server.Name, tool) is { } pause
            ? PausedResponse.OfTool(tool, call.Server.Name, pause)
            : Decide(call, call.Binding.Policy);

    /// <summary>Evaluates a policy that need not be the current one.</summary>
    public PolicyDecision Decide(CallContext call, PolicyBinding policy)
    {
        var message = call.Message;
        if (message.Kind == McpMessageKind.Response && policy.HasPolicy)
            return call.Session.Session is not null ? Answer : AnswerToNobody;
        if (call.Tasks is { IsUnknown: true } && policy.HasPolicy)
            return UnknownTask;
        if (message.Method != McpMethods.ResourcesRead && policy.HasPolicy && NamesLimits(message))
            return OnlyRead;
        if (call.Claim is not null && policy.ReadsHeaders)
            return HeadersGone;
        // All or none: a stream that opened for only some of the requested resources would look like access to the
        // rest.
        var decision = PolicyEngine.Decide(policy, Question(call, policy));
        if (call.Tasks?.Own is { } own && policy.HasPolicy
            && decision is { Outcome: DecisionOutcome.Deny, IsMethodNotFound: false })
        {
            // The caller may learn that its call was denied; ApprovalTasks withholds a result.
            own.Denial = decision;
            return OwnTask;
        }

        if (decision.Outcome != DecisionOutcome.Deny && RefusedAsVirtual(call) is { } refused)
            return refused;
        foreach (var uri in message.ListenUris)
        {
            if (decision.Outcome != DecisionOutcome.Allow)
                break;
            decision = PolicyEngine.Decide(
                policy, PolicyCall.OfResource(uri) with { Caller = call.Grant.Identity?.Caller });
        }

        return decision;
    }

    private static bool NamesLimits(McpMessage message) =>
        (message.PolicedBy is McpPolicing.Resource or McpPolicing.Completion && message.Name == ReservedUris.Limits)
        || message.ListenUris.Contains(ReservedUris.Limits);

    /// <summary>
    /// Returns the temporary memory for deciding on a large message, in bytes; 0 for nearly all messages.
    /// </summary>
    public long EvaluationBytes(CallContext call) =>
        EvaluationBytes(call, call.Binding.Policy) + (call.Virtual?.EvaluationBytes() ?? 0);

    /// <summary>Returns the temporary memory for evaluating a policy that need not be the current one.</summary>
    public long EvaluationBytes(CallContext call, PolicyBinding policy) =>
        PolicyEngine.EvaluationBytes(policy, Question(call, policy));

    /// <summary>
    /// Returns the refusal of the tool call that the agent made, before it was rebuilt; null if that is allowed.
    /// </summary>
    private static PolicyDecision? RefusedAsVirtual(CallContext call) =>
        call.Message.Method != McpMethods.ToolsCall ? null
        : call.Grant.VirtualTools?.Json != call.RebuiltBy?.Json ? VirtualCall.Changed
        : call.Virtual?.Refused();

    private PolicyCall Question(CallContext call, PolicyBinding policy)
    {
        var message = call.Message;
        DateTimeOffset? at = policy.ReadsTime && engine.IsClockTrusted
            ? DateTimeOffset.FromUnixTimeMilliseconds(call.NowMs)
            : null;
        var subject = PolicySubjects.Of(message);
        var classed = !policy.HasClasses ? null
            : subject == PolicySubject.Tool ? message.Name
            : subject == PolicySubject.Task ? call.Tasks?.Tool
            : null;
        return new PolicyCall(
            subject, message.Name, message.Arguments, call.Session.Session?.CounterId, at,
            subject == PolicySubject.Tool && message.Name is { } tool
                ? pinned.Of(policy.Server, tool)
                : ToolStanding.Accepted,
            subject is PolicySubject.Tool or PolicySubject.Prompt && message.Name is { } name
                ? pinned.ListingOf(policy.Server, name, isPrompt: subject == PolicySubject.Prompt)
                : null)
        {
            TaskTool = call.Tasks?.Tool,
            Caller = call.Grant.Identity?.Caller,
            Headers = policy.ReadsHeaders ? ProxyHeaders.Of(call.Http) : null,
            Class = classed is null ? ToolClass.Uncertain : pinned.ClassOf(policy.Server, classed),
        };
    }
}
