using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Gateway.Audit.Records;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Refusals;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The counts of refusals by their reason: the name of a built-in rule, or the kind of policy rule. Every reason is
/// reported from the start, so that the first refusal is visible as an increase.
/// </summary>
internal sealed class RefusalTotals
{
    private static readonly string[] Reasons =
    [
        "policy", "rate_limit", "approval", "other",
        .. BuiltIn(
            PolicyRuleNames.NoPolicy, PolicyRuleNames.Hidden, PolicyRuleNames.DefaultDeny,
            PolicyRuleNames.EngineUnavailable, PolicyRuleNames.ControlUnavailable, PolicyRuleNames.MethodNotFound,
            PolicyRuleNames.Unnamed,
            PolicyRuleNames.UnreadableArguments, Refusal.AuditUnavailableRule, ApprovalRefusals.Unavailable.Rule,
            ApprovalRefusals.GrantEnded.Rule, TooManyStreams.Refusal.Rule, TooManySessions.Refusal.Rule),
    ];

    private static readonly FrozenDictionary<string, int> Indexes =
        Reasons.Index().ToFrozenDictionary(static reason => reason.Item, static reason => reason.Index);

    private readonly long[] _counts = new long[Reasons.Length];

    /// <summary>Counts one refusal by this rule, a JSON Pointer or built-in.</summary>
    public void Count(string rule, RefusalCategory outcome) =>
        Interlocked.Increment(ref _counts[Indexes[Reason(rule, outcome)]]);

    public Measurement<long>[] Read() =>
    [
        .. Reasons.Select((reason, index) => new Measurement<long>(
            Volatile.Read(ref _counts[index]), new KeyValuePair<string, object?>("reason", reason))),
    ];

    private static string Reason(string rule, RefusalCategory outcome) => outcome switch
    {
        RefusalCategory.RateLimited => "rate_limit",
        RefusalCategory.ApprovalRequired => "approval",
        RefusalCategory.Denied or RefusalCategory.Unavailable => rule.StartsWith('/') ? "policy"
            : Name(rule) is var name && Indexes.ContainsKey(name) ? name : "other",
        _ => throw new NotSupportedException($"RefusalCategory {outcome} has no case here."),
    };

    private static IEnumerable<string> BuiltIn(params string[] rules) => rules.Select(Name);

    /// <summary>Converts a rule such as <c>(engine unavailable)</c> to a label value.</summary>
    private static string Name(string rule) => rule.Trim('(', ')').Replace(' ', '_');
}
