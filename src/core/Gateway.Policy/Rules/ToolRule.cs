using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Results;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>All rules for calls of the tools that one entry, or the default, covers.</summary>
internal sealed class ToolRule
{
    /// <summary>The index of this rule in the bindings' tables.</summary>
    public required int Index { get; init; }

    /// <summary>JSON Pointer to the entry, or the built-in name of the default.</summary>
    public required string Pointer { get; init; }

    /// <summary>The denial by <c>action: deny</c> or by the default; null if the tool may be called.</summary>
    public PolicyDecision? Denial { get; init; }

    public bool IsDenialShadow { get; init; }

    /// <summary>The conditions on the caller that hide the tool unless all hold.</summary>
    public ImmutableArray<ShowCheck> ShowIf { get; init; } = [];

    /// <summary>The treatment of a tool whose definition nobody has accepted.</summary>
    public PinLevel Pin { get; init; }

    /// <summary>The checks in the order of evaluation.</summary>
    public ImmutableArray<CallCheck> Checks { get; init; } = [];

    /// <summary>The arguments that a rule reads; null if a schema reads all of them.</summary>
    public FrozenSet<string>? ArgumentsRead { get; init; }

    /// <summary>The paths into the arguments that conditions and limits read.</summary>
    public ImmutableArray<ArgumentPath> Paths { get; init; } = [];

    /// <summary>The paths into the caller that conditions and limits read.</summary>
    public ImmutableArray<ArgumentPath> CallerPaths { get; init; } = [];

    /// <summary>True if a decision depends on who calls.</summary>
    public bool ReadsCaller => !CallerPaths.IsEmpty || Limits.Any(static limit => limit.IsPerSubject);

    /// <summary>True if a decision depends on headers that a trusted proxy sends.</summary>
    public bool ReadsHeaders => CallerPaths.Any(Conditions.CallerPaths.IsOfHeaders);

    /// <summary>True if a schema reads all arguments.</summary>
    public bool HasSchema { get; init; }

    /// <summary>Limits of <c>all_tools</c>, then of the entry, including those in shadow mode.</summary>
    public ImmutableArray<LimitRule> Limits
    {
        get;
        init => (field, Notifies) = (value, value.Any(static limit => limit.Notifies));
    } = [];

    /// <summary>Budgets of <c>all_tools</c>, then of the entry, each once, including those in shadow mode.</summary>
    public ImmutableArray<BudgetRule> Budgets { get; init; } = [];

    /// <summary>True if a counter of an enforced limit triggers notifications about its usage.</summary>
    public bool Notifies { get; private init; }

    /// <summary><c>max_in_flight</c> of <c>all_tools</c>, then of the entry, including those in shadow mode.</summary>
    public ImmutableArray<InFlightRule> InFlight { get; init; } = [];

    /// <summary>True if a call may wait for room of an enforced limit.</summary>
    public bool MayWait => Limits.Any(static limit => limit.MayWait) || Budgets.Any(static budget => budget.MayWait)
        || InFlight.Any(static places => places.MayWait);

    /// <summary>True for <c>action: approve</c>: a person must approve every call.</summary>
    public bool IsAsked { get; init; }

    /// <summary>The terms of an approval, if one is required.</summary>
    public ApprovalTerms Approval { get; init; } = ApprovalTerms.Default;

    /// <summary>Identifies the rule as written; null if no approval is required.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The rules for the response, of <c>all_tools</c> and of the entry; null for none.</summary>
    public ResultRules? Results { get; init; }

    /// <summary>The reason why approval is required, if the document contains one.</summary>
    public string? AskReason { get; init; }

    public bool IsApprovalShadow { get; init; }

    public int Rounds { get; init; } = PolicyBounds.RoundsDefault;

    public required bool HasMeasuredCosts { get; init; }

    public required bool HasSessionLimits { get; init; }

    /// <summary>True if a decision depends on the arguments or the caller.</summary>
    public bool NeedsArguments => Checks.Length > 0 || HasMeasuredCosts;

    /// <summary>True if lists show the tool.</summary>
    public bool IsListed => Denial is null || IsDenialShadow;
}
