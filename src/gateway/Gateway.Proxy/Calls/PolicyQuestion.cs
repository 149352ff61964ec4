using Gateway.Control.Health;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Pinning;

namespace Gateway.Proxy.Calls;

/// <summary>Asks the policy about one message: once, or for a subscription once for each resource it names.</summary>
internal sealed class PolicyQuestion(IEngineHealth engine, PinnedTools pinned)
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
        Reason = "a response answers a request of the server's, and those are made within a session only",
        NextStep = "Send the Mcp-Session-Id of the session in which the server asked.",
    };

    private static readonly PolicyDecision OnlyRead = new()
    {
        Outcome = DecisionOutcome.Deny,
        Rule = PolicyRuleNames.LimitsNotShown,
        Reason = $"{ReservedUris.Limits} is the gateway's own and can only be read",
        NextStep = "Use resources/read.",
    };

    public PolicyDecision Decide(CallContext call) => Decide(call, call.Binding.Policy);

    /// <summary>What a policy says that need not be the one in force.</summary>
    public PolicyDecision Decide(CallContext call, PolicyBinding policy)
    {
        var message = call.Message;
        if (message.Kind == McpMessageKind.Response && policy.HasPolicy)
            return call.Session.Session is not null ? Answer : AnswerToNobody;
        if (message.Method != McpMethods.ResourcesRead && policy.HasPolicy && NamesLimits(message))
            return OnlyRead;
        // All or none: a stream that is opened for some of what was asked would look like a grant of the rest.
        var decision = PolicyEngine.Decide(policy, Question(call, policy));
        if (decision.Outcome != DecisionOutcome.Deny && RefusedAsVirtual(call) is { } refused)
            return refused;
        foreach (var uri in message.ListenUris)
        {
            if (decision.Outcome != DecisionOutcome.Allow)
                break;
            decision = PolicyEngine.Decide(policy, PolicyCall.OfResource(uri));
        }

        return decision;
    }

    private static bool NamesLimits(McpMessage message) =>
        (message.PolicedBy is McpPolicing.Resource or McpPolicing.Completion && message.Name == ReservedUris.Limits)
        || message.ListenUris.Contains(ReservedUris.Limits);

    /// <summary>What it takes for a moment to decide on a large message, in bytes; 0 for nearly all.</summary>
    public long JudgingBytes(CallContext call) =>
        JudgingBytes(call, call.Binding.Policy) + (call.Virtual?.JudgingBytes() ?? 0);

    /// <summary>The same for a policy that need not be the one in force.</summary>
    public long JudgingBytes(CallContext call, PolicyBinding policy) =>
        PolicyEngine.JudgingBytes(policy, Question(call, policy));

    /// <summary>
    /// Why a tool's call is refused as what the agent asked for, before it was rebuilt; null where it is not.
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
        return new PolicyCall(
            subject, message.Name, message.Arguments, call.Session.Session?.CounterId, at,
            subject == PolicySubject.Tool && message.Name is { } tool
                ? pinned.Of(policy.Server, tool)
                : ToolStanding.Accepted,
            subject is PolicySubject.Tool or PolicySubject.Prompt && message.Name is { } name
                ? pinned.ListingOf(policy.Server, name, isPrompt: subject == PolicySubject.Prompt)
                : null);
    }
}
