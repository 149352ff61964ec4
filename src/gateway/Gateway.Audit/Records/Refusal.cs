using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Decisions;
using Gateway.Policy.Text;

namespace Gateway.Audit.Records;

/// <summary>
/// The reason why a message was not forwarded, with the same words for the agent, the audit record and the log.
/// </summary>
/// <param name="Outcome">The kind of refusal that the agent receives.</param>
/// <param name="Rule">JSON Pointer into the policy, or a built-in name in parentheses.</param>
/// <param name="Reason">One sentence, with or without its full stop.</param>
/// <param name="NextStep">The next step, as a whole sentence; empty if nothing would help.</param>
/// <param name="Limit">The counter that had no room; null unless rate limited.</param>
public sealed record Refusal(
    RefusalCategory Outcome, string Rule, string Reason, string NextStep, RefusedLimit? Limit = null)
{
    /// <summary>Rule of a call that could not be recorded.</summary>
    public const string AuditUnavailableRule = "(audit unavailable)";

    /// <summary>Rule of a call whose caller has no connection to the server.</summary>
    public const string NotConnectedRule = "(not connected)";

    // An outage mostly ends within seconds, and one retry a second is cheap.
    private const long RetryMs = 1000;

    /// <summary>Id of the request for approval; null if the refusal concerns none.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>
    /// Address at which a person who signs in decides on that request; null if agents do not receive one.
    /// </summary>
    public string? ApprovalUrl { get; init; }

    /// <summary>
    /// Address at which the caller's person connects an account at the server; null if the call needs no connection, or
    /// if there is no such address.
    /// </summary>
    public string? ConnectUrl { get; init; }

    /// <summary>
    /// Opaque state that the client sends back once it has shown the link to a person; null if the call is not retried
    /// automatically.
    /// </summary>
    public string? RequestState { get; init; }

    /// <summary>
    /// Result that the client receives instead: the state of a task that waits for the approval, as JSON. Null if the
    /// client does not use tasks.
    /// </summary>
    public byte[]? TaskState { get; init; }

    /// <summary>Cause of a failure within the gateway; null if a rule refused the call.</summary>
    public Trouble? Cause { get; init; }

    /// <summary>Delay before a retry, in milliseconds; null to use the limit's own delay.</summary>
    public long? RetryAfterMs { get; init; }

    /// <summary>True if the gateway serves this method to nobody, whatever the policy says.</summary>
    public bool IsMethodNotFound { get; private init; }

    /// <summary>The single text block that the model reads.</summary>
    public string Text => Rule == NotConnectedRule
        ? $"Connection required: {Reason}. {NextStep}"
        : Outcome == RefusalCategory.Unavailable
        ? PolicyText.Unavailable(Reason, NextStep)
        : PolicyText.Violation(Reason, NextStep);

    /// <summary>The refusal of a call that could not be recorded.</summary>
    public static Refusal AuditUnavailable { get; } = Unavailable(
        Trouble.Audit, AuditUnavailableRule,
        "the gateway cannot record this call, so it was not forwarded",
        "tell the gateway's operator that the audit log cannot be written");

    /// <summary>The refusal of a call whose permits each expired before its server was reached.</summary>
    public static Refusal PermitExpired { get; } = Unavailable(
        Trouble.Limits, PolicyRuleNames.EngineUnavailable,
        "several times in a row, the limit's window ended before the server could be reached",
        "tell the gateway's operator that the server connects too slowly for the window");

    /// <summary>Creates a refusal for a failure within the gateway, which implies nothing about the call.</summary>
    /// <param name="cause">The failing component.</param>
    /// <param name="rule">The built-in rule's name.</param>
    /// <param name="reason">One sentence without its full stop.</param>
    /// <param name="ifItLasts">The next step if a retry does not help, as a clause.</param>
    /// <param name="retryAfterMs">Delay before a retry, in milliseconds; null for one second.</param>
    public static Refusal Unavailable(
        Trouble cause, string rule, string reason, string ifItLasts = "tell the gateway's operator",
        long? retryAfterMs = null)
    {
        var wait = retryAfterMs ?? RetryMs;
        return new(RefusalCategory.Unavailable, rule, reason,
            $"Nothing was counted. Try again in {(wait + 999) / 1000} s; if this persists, {ifItLasts}.")
        {
            Cause = cause,
            RetryAfterMs = wait,
        };
    }

    /// <summary>Returns this refusal with the underlying cause.</summary>
    public Refusal For(Trouble cause) => cause == Cause ? this : this with { Cause = cause };

    /// <summary>Creates the refusal for a policy decision that denies or requires an approval.</summary>
    public static Refusal Of(PolicyDecision decision)
    {
        var outcome = decision.Outcome == DecisionOutcome.Ask
            ? RefusalCategory.ApprovalRequired
            : RefusalCategory.Denied;
        return new(outcome, decision.Rule, decision.Reason, decision.NextStep)
        {
            IsMethodNotFound = decision.IsMethodNotFound,
        };
    }

    /// <summary>Creates the refusal for a limit without room, or for a failure of the limit engine.</summary>
    public static Refusal Of(ImmutableArray<DecisionCost> costs, LimitRefusal refused, long? retryAfterMs)
    {
        if (refused.Kind == RefusalKind.TooManyValues)
        {
            return new(RefusalCategory.Denied, PolicyRuleNames.TooManyValues, refused.Reason,
                $"Use a value that was already used in this window, or wait. {RetryText(retryAfterMs)}");
        }

        if (refused.CostIndex < 0 || refused.Kind is not (RefusalKind.NoRoom or RefusalKind.CostOverMax))
        {
            var cause = refused.Kind == RefusalKind.ClockBehind ? Trouble.Clock : Trouble.Limits;
            return Unavailable(
                cause, PolicyRuleNames.EngineUnavailable, refused.Reason, retryAfterMs: retryAfterMs);
        }

        var cost = costs[refused.CostIndex];
        var limit = new RefusedLimit(cost.Counter, cost.WindowText, refused.Max,
            refused.Used, refused.Remaining, refused.ResetAtMs, retryAfterMs)
        {
            IsBudget = Budget.IsCounter(cost.Cost.Key),
        };
        return new Refusal(RefusalCategory.RateLimited, cost.Rule, refused.Reason, RetryText(retryAfterMs),
            limit);
    }

    private static string RetryText(long? retryAfterMs) => retryAfterMs is { } wait
        ? $"Try again in {(wait + 999) / 1000} s."
        : "Waiting does not help: use a smaller amount, or ask the operator to raise the limit.";
}

/// <summary>The kind of refusal that an agent receives.</summary>
public enum RefusalCategory
{
    /// <summary>A rule of the policy refused the call.</summary>
    Denied,
    /// <summary>A counter had no room.</summary>
    RateLimited,
    /// <summary>A person has to approve it first.</summary>
    ApprovalRequired,

    /// <summary>No rule refused the call: a part of the gateway is not available.</summary>
    Unavailable,
}
