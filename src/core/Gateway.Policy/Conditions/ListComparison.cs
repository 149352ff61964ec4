using Gateway.Policy.Json;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Conditions;

/// <summary>
/// <c>in</c>, <c>not_in</c> and <c>host_in</c> with a named list: a single lookup for a list of any length. A value
/// without the list's form is incomparable, as is every value while the list is unavailable.
/// </summary>
internal sealed class ListComparison(ListUse use, bool isNegated) : Comparison
{
    public override ListUse? List => use;

    public override bool ReadsNumbers => use.Form == ValueForm.Number;

    public override TriState Compare(JsonNode argument, in EvaluationContext call)
    {
        if (call.Lists.Find(use.Name)?.Of(use.Form) is not { } keys)
        {
            call.Work.Fail(
                $"The list \"{use.Name}\" cannot be read now, so a rule that uses it cannot be evaluated");
            return TriState.Incomparable;
        }

        return ValueForms.OfArgument(use.Form, argument, call.Work) is { } key
            ? TriStateTable.Of(keys.Contains(key) != isNegated)
            : TriState.Incomparable;
    }

    public override string Describe() => use.Form == ValueForm.Host
        ? $"is a URL whose host is in the list \"{use.Name}\""
        : $"is {(isNegated ? "not " : "")}in the list \"{use.Name}\"";
}
