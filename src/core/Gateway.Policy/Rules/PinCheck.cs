using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary><c>pin</c>: checks that a tool's definition was accepted.</summary>
internal static class PinCheck
{
    /// <summary>Returns the denial of a tool with this status; null if the rule permits it.</summary>
    /// <param name="rule">The rule that covers the tool.</param>
    /// <param name="standing">The status of the tool's definition.</param>
    /// <param name="isRecorded">True if the denial is only recorded, because of <c>warn</c> or shadow mode.</param>
    public static PolicyDecision? Evaluate(ToolRule rule, ToolStanding standing, out bool isRecorded)
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

    /// <summary>Returns true if lists show a tool with this status.</summary>
    public static bool IsListed(ToolRule rule, ToolStanding standing) =>
        Evaluate(rule, standing, out var isRecorded) is null || isRecorded;
}
