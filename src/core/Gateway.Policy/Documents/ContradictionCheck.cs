using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Finds contradictory settings of one entry. None of them admits more calls than intended.</summary>
internal static class ContradictionCheck
{
    public static void Run(PolicyDocument document, ProblemSink problems)
    {
        foreach (var tool in document.Entries)
        {
            // In shadow mode a denied call goes through.
            if (tool.Action == ToolAction.Deny && !(tool.IsShadow ?? document.IsShadow))
                WarnOfDeniedLimits(tool, problems);
            if (tool.Action is ToolAction.Approve or ToolAction.Deny && !tool.ApproveIf.IsEmpty)
            {
                problems.Warn(FindingKind.IdleApproveIf, tool.NameOffset, $"{tool.Pointer}/approve_if",
                    $"\"action\" {(tool.Action == ToolAction.Deny ? "denies" : "requires approval of")} every call, so "
                    + "\"approve_if\" has no effect: remove one of the two");
            }

            if (tool.Approval is { } approval && approval.WaitAtMost > approval.ExpiresAfter)
            {
                problems.Warn(FindingKind.LongWait, tool.NameOffset, $"{tool.Pointer}/approval",
                    $"a call waits {approval.WaitAtMost.TotalSeconds} s for a decision on a request that is open "
                    + $"{approval.ExpiresAfter.TotalSeconds} s: use a shorter \"wait\" or a longer \"expires\"");
            }
        }

        OverlappingPatternCheck.Run(document.Tools, problems);
        LooserLimitCheck.Run(document, problems);
        LooserInFlightCheck.Run(document, problems);
    }

    private static void WarnOfDeniedLimits(ToolEntryDocument tool, ProblemSink problems)
    {
        foreach (var limit in tool.Limits)
        {
            problems.Warn(FindingKind.LimitBehindDeny, limit.Offset, limit.Pointer,
                "\"action\": \"deny\" refuses every call, so this limit has no effect: remove one of the two");
        }
    }
}
