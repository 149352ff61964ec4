using Gateway.Limits.Model;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>approval</c>.</summary>
internal static class ApprovalReader
{
    private const long ExpiresSecondsMax = 30 * 86_400;
    private const long WaitSecondsMax = 3600;
    private const int ApprovalsMax = 5;

    public static ApprovalTerms? Read(MemberReader owner, bool isUsed)
    {
        const string name = "approval";
        if (owner.Optional(name) is not { } node)
            return null;
        if (MemberReader.Open(node, owner.PointerTo(name), "\"approval\"", owner.Context) is not { } members)
            return null;
        var expires = ReadLength(members, "expires", secondsMin: 1, ExpiresSecondsMax);
        var wait = ReadLength(members, "wait", secondsMin: 0, WaitSecondsMax);
        var approvals = ReadApprovals(members);
        var barred = ReadNot(members);
        var escalation = ReadEscalation(members, expires ?? ApprovalTerms.Default.ExpiresAfter);
        members.RefuseOthers();
        if (!isUsed)
        {
            owner.Context.Problems.Error(owner.OffsetOfName(name), owner.PointerTo(name),
                "\"approval\" has no effect here: add \"approve_if\" or \"action\": \"approve\", or remove "
                    + "\"approval\"");
        }

        return new ApprovalTerms(
            expires ?? ApprovalTerms.Default.ExpiresAfter, wait ?? ApprovalTerms.Default.WaitAtMost)
        {
            Approvals = approvals,
            IsBarredToGrantor = barred == ApprovalTerms.Grantor,
            IsBarredToCaller = barred == ApprovalTerms.Caller,
            Escalation = escalation,
        };
    }

    private static int ReadApprovals(MemberReader members)
    {
        const string name = "approvals";
        if (members.Optional(name) is not { } node)
            return 1;
        if (node.Kind == JsonKind.Number && int.TryParse(node.Text, out var count) && count is >= 1 and <= ApprovalsMax)
            return count;
        members.Error(node, members.PointerTo(name),
            $"\"{name}\" (the number of people who must approve) must be a whole number from 1 to {ApprovalsMax}, "
            + $"not {MemberReader.Describe(node)}");
        return 1;
    }

    private static string? ReadNot(MemberReader members)
    {
        const string name = "not";
        if (members.Optional(name) is not { } node)
            return null;
        if (node is { Kind: JsonKind.String, Text: ApprovalTerms.Grantor or ApprovalTerms.Caller })
            return node.Text;
        members.Error(node, members.PointerTo(name),
            $"\"{name}\" must be \"{ApprovalTerms.Grantor}\" (who authorized the agent's client) or "
            + $"\"{ApprovalTerms.Caller}\" (who makes the call), not {MemberReader.Describe(node)}");
        return null;
    }

    private static ApprovalEscalation? ReadEscalation(MemberReader owner, TimeSpan expires)
    {
        const string name = "escalate";
        if (owner.Optional(name) is not { } node
            || MemberReader.Open(node, owner.PointerTo(name), $"\"{name}\"", owner.Context) is not { } members)
            return null;
        var written = members.Required("after", "write how long a request waits before it is escalated, such as "
            + "\"5m\"");
        var after = ReadLength(members, "after", secondsMin: 1, ExpiresSecondsMax);
        if (after >= expires)
            members.Error(written!, members.PointerTo("after"),
                $"\"after\" must be less than the {expires.TotalSeconds} s for which the request stays open");
        var to = members.Required("to", "write the name of a channel");
        var channel = to is null ? null : members.AsText(to, "to");
        if (channel is not null && !PolicyNames.IsValid(channel))
            members.Error(to!, members.PointerTo("to"), $"\"to\" must be the name of a channel: {PolicyNames.Rule}");
        members.RefuseOthers();
        return after is null || channel is null ? null : new ApprovalEscalation(after.Value, channel);
    }

    /// <summary>Reads a rule's <c>wait</c>: the time for which a call that a limit refuses may wait.</summary>
    public static TimeSpan ReadWait(MemberReader members) =>
        ReadLength(members, "wait", secondsMin: 1, WaitSecondsMax) ?? TimeSpan.Zero;

    private static TimeSpan? ReadLength(MemberReader members, string name, long secondsMin, long secondsMax)
    {
        if (members.Optional(name) is not { } node)
            return null;
        var seconds = node.Kind switch
        {
            JsonKind.String when node.Text == "0s" => 0,
            JsonKind.String when Window.TryParse(node.Text, out var window) => window.Seconds,
            JsonKind.Number when JsonDecimal.TryParse(node.Text, out var number) && number.IsInteger
                && long.TryParse(node.Text, out var whole) => whole,
            _ => null,
        };
        if (seconds is { } length && length >= secondsMin && length <= secondsMax)
            return TimeSpan.FromSeconds(length);
        members.Error(node, members.PointerTo(name),
            $"\"{name}\" must be a length from {secondsMin} s to {secondsMax} s, such as \"45s\", \"15m\" or 60, "
            + $"not {MemberReader.Quote(node)}");
        return null;
    }
}
