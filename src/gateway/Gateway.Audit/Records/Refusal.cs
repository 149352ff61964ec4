using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Text;

namespace Gateway.Audit.Records;

/// <summary>Why a message was not passed on: the same words for the agent, the audit record and the log.</summary>
/// <param name="Outcome">What happened, as the agent reads it.</param>
/// <param name="Rule">JSON Pointer into the policy, or a built-in name in parentheses.</param>
/// <param name="Reason">One sentence without its full stop.</param>
/// <param name="NextStep">What to do next, as a whole sentence; empty where nothing would help.</param>
/// <param name="Limit">The counter that had no room; null unless rate limited.</param>
public sealed record Refusal(
    RefusalCategory Outcome, string Rule, string Reason, string NextStep, RefusedLimit? Limit = null)
{
    /// <summary>The rule of a call that could not be recorded.</summary>
    public const string AuditUnavailableRule = "(audit unavailable)";

    // An outage mostly ends within seconds, and an agent that asks each second burdens nobody.
    private const long RetryMs = 1000;

    /// <summary>The request for approval that it is about; null where it is about none.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>Where a person who signs in decides on that request; null where agents are told no address.</summary>
    public string? ApprovalUrl { get; init; }

    /// <summary>
    /// What the client brings back once it has shown its person the link; null where the call is not to come again by
    /// itself.
    /// </summary>
    public string? RequestState { get; init; }

    /// <summary>The gateway's own trouble that it is for; null where a rule refused.</summary>
    public Trouble? Cause { get; init; }

    /// <summary>When to try again, from now, where that is not the limit's own time; null where it is.</summary>
    public long? RetryAfterMs { get; init; }

    /// <summary>The method is served to nobody, whatever the policy says.</summary>
    public bool IsMethodNotFound { get; private init; }

    /// <summary>The one text block that the model reads.</summary>
    public string Text => Outcome == RefusalCategory.Unavailable
        ? PolicyText.Unavailable(Reason, NextStep)
        : PolicyText.Violation(Reason, NextStep);

    /// <summary>The call could not be recorded.</summary>
    public static Refusal AuditUnavailable { get; } = Unavailable(
        Trouble.Audit, AuditUnavailableRule,
        "the gateway cannot record this call, and a call that is not recorded is not made",
        "tell the gateway's operator that the audit log cannot be written");

    /// <summary>Each permit of the call ended before its server was reached.</summary>
    public static Refusal PermitExpired { get; } = Unavailable(
        Trouble.Limits, PolicyRuleNames.EngineUnavailable,
        "the window of this call's permit ended before the server could be reached, several times in a row",
        "tell the gateway's operator that the server connects too slowly for the window");

    /// <summary>The gateway's own trouble, which says nothing of the call.</summary>
    /// <param name="cause">What troubles it.</param>
    /// <param name="rule">The built-in rule's name.</param>
    /// <param name="reason">One sentence without its full stop.</param>
    /// <param name="ifItLasts">What to do if trying again does not help, as a clause.</param>
    /// <param name="retryAfterMs">When that may help; null for a second.</param>
    public static Refusal Unavailable(
        Trouble cause, string rule, string reason, string ifItLasts = "tell the gateway's operator",
        long? retryAfterMs = null)
    {
        var wait = retryAfterMs ?? RetryMs;
        return new(RefusalCategory.Unavailable, rule, reason,
            $"Nothing was counted. Try again in {(wait + 999) / 1000} s; if it lasts, {ifItLasts}.")
        {
            Cause = cause,
            RetryAfterMs = wait,
        };
    }

    /// <summary>The same, for what is behind it.</summary>
    public Refusal For(Trouble cause) => cause == Cause ? this : this with { Cause = cause };

    /// <summary>What the policy denied, or a person has to approve, by itself.</summary>
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

    /// <summary>What a limit, or the engine, refused.</summary>
    public static Refusal Of(ImmutableArray<DecisionCost> costs, LimitRefusal refused, long? retryAfterMs)
    {
        if (refused.Kind == RefusalKind.TooManyValues)
        {
            return new(RefusalCategory.Denied, PolicyRuleNames.TooManyValues, refused.Reason,
                $"Use a value that was used before. {RetryText(retryAfterMs)}");
        }

        if (refused.CostIndex < 0 || refused.Kind is not (RefusalKind.NoRoom or RefusalKind.CostOverMax))
        {
            var cause = refused.Kind == RefusalKind.ClockBehind ? Trouble.Clock : Trouble.Limits;
            return Unavailable(
                cause, PolicyRuleNames.EngineUnavailable, refused.Reason, retryAfterMs: retryAfterMs);
        }

        var cost = costs[refused.CostIndex];
        var limit = new RefusedLimit(cost.Counter, cost.WindowText, cost.Cost.Max,
            refused.Used, refused.Remaining, refused.ResetAtMs, retryAfterMs);
        return new Refusal(RefusalCategory.RateLimited, cost.Rule, refused.Reason, RetryText(retryAfterMs),
            limit);
    }

    private static string RetryText(long? retryAfterMs) => retryAfterMs is { } wait
        ? $"Try again in {(wait + 999) / 1000} s."
        : "No later time helps: this one call costs more than a whole window admits.";
}
