using Gateway.Policy.Decisions;

namespace Gateway.Policy.Tools.Replay;

/// <summary>The outcomes as written in records, and the reasons why a replay cannot determine a decision.</summary>
internal static class ReplayWords
{
    public const string Allowed = "allowed";
    public const string Denied = "denied";
    public const string RateLimited = "rate_limited";
    public const string ApprovalRequired = "approval_required";
    public const string Unavailable = "unavailable";

    public const string Trouble = "the gateway itself failed";
    public const string NoClass = "the accepted class of the tool is not known";
    public const string NoArgument = "an argument that a rule reads is not recorded";
    public const string NoOpening = "the usage before the first recorded call is not known";
    public const string EarlierCall = "the call depends on an earlier call whose result cannot be determined";
    public const string Together = "the call arrived together with others, and their order is not recorded";
    public const string InFlight = "the number of calls open at that instant is not recorded";
    public const string SharedBudget = "other charges to the budget are not recorded";
    public const string NotBeside = "the candidate did not evaluate the call";
    public const string NoName = "the name is too long to be recorded";
    public const string NoSubject = "the subject of the call is not recorded";
    public const string NoSession = "the session of the call is not recorded";
    public const string NoCaller = "the caller is not recorded";
    public const string NoClaims = "the claims of the caller are not recorded";
    public const string NoHeaders = "the headers of the trusted proxy are not recorded";
    public const string TooManyCounters = "there are more counters than a replay keeps";

    // Rules that every policy includes; other built-in rules apply in addition to the policy.
    private static readonly string[] OfPolicies =
    [
        PolicyRuleNames.NoPolicy, PolicyRuleNames.Hidden, PolicyRuleNames.DefaultDeny, PolicyRuleNames.DefaultAllow,
        PolicyRuleNames.UncertainClass,
        PolicyRuleNames.Protocol, PolicyRuleNames.MethodNotFound, PolicyRuleNames.Unnamed,
        PolicyRuleNames.AmbiguousUri, PolicyRuleNames.AmbiguousArgument, PolicyRuleNames.TooManyValues,
        PolicyRuleNames.UnreadableArguments,
    ];

    // Earlier releases recorded such calls as denied.
    private static readonly string[] Troubles =
    [
        PolicyRuleNames.EngineUnavailable, PolicyRuleNames.ControlUnavailable, "(audit unavailable)",
        "(approvals unavailable)",
    ];

    public static bool IsTrouble(RecordedCall call) =>
        call.Outcome == Unavailable || call.Cause is not null || Array.IndexOf(Troubles, call.Rule) >= 0;

    /// <summary>Returns true if a built-in rule refused the call independently of the policy.</summary>
    public static bool IsBesidePolicy(RecordedCall call) =>
        !call.IsAllowed && call.Rule is ['(', ..] && Array.IndexOf(OfPolicies, call.Rule) < 0;
}
