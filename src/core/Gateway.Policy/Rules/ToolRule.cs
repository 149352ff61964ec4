using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Results;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>Everything that holds for the calls of the tools that one entry, or the default, covers.</summary>
internal sealed class ToolRule
{
    /// <summary>The place of this rule in the bindings' tables.</summary>
    public required int Index { get; init; }

    /// <summary>JSON Pointer to the entry, or the built-in name of the default.</summary>
    public required string Pointer { get; init; }

    /// <summary>The denial of <c>action: deny</c> or of the default; null where the tool may be called.</summary>
    public PolicyDecision? Denial { get; init; }

    public bool IsDenialShadow { get; init; }

    /// <summary>What happens to a tool whose definition nobody has accepted.</summary>
    public PinLevel Pin { get; init; }

    /// <summary>In the order of evaluation.</summary>
    public ImmutableArray<CallCheck> Checks { get; init; } = [];

    /// <summary>The arguments that a rule looks into; null where a schema looks into all of them.</summary>
    public FrozenSet<string>? ArgumentsRead { get; init; }

    /// <summary>The paths that conditions and limits read.</summary>
    public ImmutableArray<ArgumentPath> Paths { get; init; } = [];

    /// <summary>Whether a schema reads all arguments.</summary>
    public bool HasSchema { get; init; }

    /// <summary>Limits of <c>all_tools</c>, then of the entry; those in shadow too.</summary>
    public ImmutableArray<LimitRule> Limits
    {
        get;
        init => (field, Notifies) = (value, value.Any(static limit => limit.Notifies));
    } = [];

    /// <summary>Budgets of <c>all_tools</c>, then of the entry, each once; those in shadow too.</summary>
    public ImmutableArray<BudgetRule> Budgets { get; init; } = [];

    /// <summary>Whether people are told of how far a counter of an enforced limit is used.</summary>
    public bool Notifies { get; private init; }

    /// <summary><c>max_in_flight</c> of <c>all_tools</c>, then of the entry; that in shadow too.</summary>
    public ImmutableArray<InFlightRule> InFlight { get; init; } = [];

    /// <summary><c>action: approve</c>: a person is asked about every call.</summary>
    public bool IsAsked { get; init; }

    /// <summary>How a person is asked, where one is.</summary>
    public ApprovalTerms Approval { get; init; } = ApprovalTerms.Default;

    /// <summary>What tells the rule, as it is written, from any other; null where nobody is asked.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What holds for the answer, of <c>all_tools</c> and of the entry; null for none.</summary>
    public ResultRules? Results { get; init; }

    /// <summary>Why a person is asked, where the document says it.</summary>
    public string? AskReason { get; init; }

    public bool IsApprovalShadow { get; init; }

    public int Rounds { get; init; } = PolicyBounds.RoundsDefault;

    public required bool HasMeasuredCosts { get; init; }

    public required bool HasSessionLimits { get; init; }

    /// <summary>Whether a decision has to look into the arguments.</summary>
    public bool NeedsArguments => Checks.Length > 0 || HasMeasuredCosts;

    /// <summary>Whether lists show the tool.</summary>
    public bool IsListed => Denial is null || IsDenialShadow;
}
