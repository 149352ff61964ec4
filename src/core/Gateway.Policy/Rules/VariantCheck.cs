using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Schemas;
using Gateway.Policy.Text;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Rules;

/// <summary>
/// <c>case_variants</c>: no member may differ from one that a rule reads only in case, form or invisible characters,
/// since the server's reader may use the other one.
/// </summary>
internal sealed class VariantCheck : CallCheck
{
    private readonly ImmutableArray<SchemaMembers> _schemas;
    private readonly PathMembers _paths;

    private VariantCheck(ImmutableArray<SchemaMembers> schemas, PathMembers paths, bool isShadow)
        : base(PolicyRuleNames.AmbiguousArgument, isShadow)
    {
        _schemas = schemas;
        _paths = paths;
    }

    public override string StepName => "names";

    /// <summary>Creates the check; null if nothing is read by name.</summary>
    public static VariantCheck? Of(IEnumerable<Schema> schemas, IEnumerable<ArgumentPath> paths, bool isShadow)
    {
        var (members, read) = (schemas.Select(SchemaMembers.Of).ToImmutableArray(), paths.ToList());
        // Most entries read no argument, and there may be ten thousand of them.
        if (members.IsEmpty && read.Count == 0)
            return null;
        var tree = PathMembers.Of(read);
        return members.IsEmpty && tree.IsEmpty ? null : new VariantCheck(members, tree, isShadow);
    }

    public override PolicyDecision? Evaluate(in EvaluationContext call)
    {
        var search = new VariantSearch(call.Work);
        if (search.IsClear(_schemas, _paths, call.Arguments))
            return null;
        return search.Found is not { } name ? BuiltInDecisions.TooMuch(Pointer) : BuiltInDecisions.Deny(
            Pointer,
            $"The arguments have a member that the server may take for \"{Spelling.Shorten(name)}\", which the policy "
                + "reads",
            "Send each argument once, under its exact name.");
    }
}
