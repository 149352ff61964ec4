using Gateway.Policy.Decisions;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>The evaluation of a tool's definition.</summary>
/// <param name="Drift">The difference from the accepted version.</param>
/// <param name="Standing">The standing that a policy evaluates.</param>
public readonly record struct ToolEvaluation(Drift Drift, ToolStanding Standing)
{
    /// <summary>True if it has findings that nobody has accepted, other than those that are only reported.</summary>
    public bool IsSuspicious { get; private init; }

    /// <summary>Evaluates a definition; null stands for an unreadable one.</summary>
    /// <param name="now">The definition.</param>
    /// <param name="accepted">The accepted version; null if there is none.</param>
    /// <param name="findings">The findings in the definition. Those shown at acceptance no longer count.</param>
    /// <param name="app">The app that it names; null if there is none.</param>
    public static ToolEvaluation Of(
        ToolDefinition? now, AcceptedTool? accepted, IReadOnlyList<Finding>? findings, AppContent? app = null)
    {
        var drift = DriftOf(now, accepted, app);
        var counted = findings?.Where(static one => !one.IsReportOnly).ToList();
        // Earlier releases also accepted the findings that are only reported.
        var isKnown = AcceptedTool.HashOf(counted) is not { } found
            || ((found == accepted?.Findings || AcceptedTool.HashOf(findings) == accepted?.Findings)
                && now?.Contract == accepted?.Contract)
            // A newer scanner alone revokes no acceptance.
            || (drift is Drift.None or Drift.App && counted!.TrueForAll(static one => one.IsOfText));
        if (drift == Drift.Unreadable || (!isKnown && counted!.Any(static one => one.IsHard)))
            return new ToolEvaluation(drift, ToolStanding.Blocked) { IsSuspicious = !isKnown };
        // A tool that was accepted before its app was known, as by earlier releases, stays accepted, without its app.
        return new ToolEvaluation(drift, !isKnown || drift is Drift.New or Drift.Contract or Drift.SaferHints
            || (drift == Drift.App && accepted?.App is not null)
            ? ToolStanding.Unaccepted
            : ToolStanding.Accepted)
        {
            IsSuspicious = !isKnown,
        };
    }

    private static Drift DriftOf(ToolDefinition? now, AcceptedTool? accepted, AppContent? app)
    {
        if (now is null)
            return Drift.Unreadable;
        if (accepted is null)
            return Drift.New;
        if (now.Contract != accepted.Contract)
            return Drift.Contract;
        if (now.Hints != accepted.Hints)
            return now.IsSaferThan(accepted.Safety) ? Drift.SaferHints : Drift.Hints;
        if (app is not null && !app.IsSameAs(accepted.App))
            return Drift.App;
        return now.Display != accepted.Display ? Drift.Display : Drift.None;
    }
}
