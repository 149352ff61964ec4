using System.Collections.Immutable;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Conditions;

/// <summary>One operator of conditions; <see cref="Operators"/> lists them.</summary>
/// <param name="Name">The value of <c>op</c>.</param>
/// <param name="Words">The words between the path and the operand in a sentence: <c>is at most</c>.</param>
/// <param name="Operand">The kind of value that the policy gives.</param>
internal abstract record Operator(string Name, string Words, Operand Operand)
{
    /// <summary>Reverses the comparison. Incomparable values stay incomparable.</summary>
    public bool IsNegated { get; init; }

    /// <summary>
    /// True if the comparison can hold for a text because of a part of it, so that <c>not-agents</c> may count as
    /// <c>agents</c>. Not for claims.
    /// </summary>
    public bool ReadsParts { get; init; }

    /// <summary>An explanation for the guide to policies, as sentences; empty if the words are enough.</summary>
    public string Note { get; init; } = "";

    /// <summary>The types of JSON Schema whose values can be compared; empty for all types.</summary>
    public ImmutableArray<string> Fits { get; init; } = [];

    /// <summary>
    /// Returns the possible values of an argument, from the operand, for an operator that only holds for certain
    /// values.
    /// </summary>
    public Func<JsonNode, IEnumerable<JsonNode>>? OneOf { get; init; }

    /// <summary>The operators that this one can contradict.</summary>
    public Domain Domain { get; init; }

    /// <summary>Compiles the comparison; null, with a problem reported, if the value is not valid.</summary>
    public Comparison? Read(MemberReader members, JsonNode value)
    {
        if (!HasUnreadableNumber(value))
            return ReadOperand(members, value);
        members.Error(value, members.PointerTo("value"), "an exponent has at most 17 digits");
        return null;
    }

    protected abstract Comparison? ReadOperand(MemberReader members, JsonNode value);

    private static bool HasUnreadableNumber(JsonNode node) => node.Kind switch
    {
        JsonKind.Number => !JsonDecimal.TryParse(node.Text, out _),
        JsonKind.Array => node.Items.Any(HasUnreadableNumber),
        JsonKind.Object => node.Members.Any(static member => HasUnreadableNumber(member.Value)),
        _ => false,
    };
}

/// <summary>An operator whose operand is read as <typeparamref name="T"/>.</summary>
internal sealed record Operator<T>(string Name, string Words, Operand<T> Kind, Compare<T> Compare)
    : Operator(Name, Words, Kind)
    where T : class
{
    protected override Comparison? ReadOperand(MemberReader members, JsonNode value) =>
        Kind.Read(members, value, Name) is { } operand ? new OperandComparison<T>(this, operand, value) : null;
}

/// <summary>
/// Compares an argument with an operand. It never throws. The result has no meaning once the budget is used up.
/// </summary>
internal delegate TriState Compare<in T>(T operand, JsonNode argument, in EvaluationContext call);

/// <summary>Groups of operators that can exclude each other on one argument.</summary>
internal enum Domain
{
    None,
    Numbers,
    Lengths,
    Prefixes,
}
