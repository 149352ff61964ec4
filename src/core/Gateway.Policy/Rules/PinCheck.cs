using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary><c>pin</c>: whether a tool's definition is one that somebody accepted.</summary>
internal static class PinCheck
{
    /// <summary>The denial of a tool of this standing; null where the rule has nothing against it.</summary>
    /// <param name="rule">The rule that covers the tool.</param>
    /// <param name="standing">What is known of the tool.</param>
    /// <param name="isRecorded">It is only recorded, by <c>warn</c> or in shadow mode.</param>
    public static PolicyDecision? Judge(ToolRule rule, ToolStanding standing, out bool isRecorded)
    {
        isRecorded = rule.IsDenialShadow;
        switch (standing, rule.Pin)
        {
            case (ToolStanding.Accepted, _):
            case (ToolStanding.Unaccepted, PinLevel.Off):
                return null;
            case (ToolStanding.Unaccepted, var pin):
                isRecorded |= pin == PinLevel.Warn;
                return BuiltInDecisions.NotAccepted;
            case (ToolStanding.Blocked, _):
                return BuiltInDecisions.Blocked;
            default:
                throw new NotSupportedException($"ToolStanding {standing} has no case here.");
        }
    }

    /// <summary>Whether lists show a tool of this standing.</summary>
    public static bool IsListed(ToolRule rule, ToolStanding standing) =>
        Judge(rule, standing, out var isRecorded) is null || isRecorded;
}
