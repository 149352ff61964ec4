using Gateway.Limits.Model;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>
/// Finds a <c>max_in_flight</c> that never refuses a call, because the one for all tools always refuses first.
/// </summary>
internal static class LooserInFlightCheck
{
    public static void Run(PolicyDocument document, ProblemSink problems)
    {
        foreach (var tool in document.Entries)
        {
            if (tool.InFlight is not { } own || (tool.IsShadow ?? document.IsShadow))
                continue;
            if (tool.Action == ToolAction.Deny)
            {
                problems.Warn(FindingKind.LimitBehindDeny, own.Offset, own.Pointer,
                    "\"action\": \"deny\" refuses every call, so \"max_in_flight\" has no effect: remove one of the "
                        + "two");
            }
            else if (!document.IsShadow && document.AllTools.InFlight is { } common && common.Max <= own.Max
                && (common.Scope == LimitScope.Server || own.Scope == LimitScope.Grant))
            {
                problems.Warn(FindingKind.LooseLimit, own.Offset, own.Pointer,
                    $"this \"max_in_flight\" never refuses a call: {common.Pointer} lets {common.Max} calls be open at "
                    + "once and always refuses first; remove this one, or give it a smaller max");
            }
        }
    }
}
