using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>list</c> and <c>as</c>, which replace a condition's <c>value</c>.</summary>
internal static class ListReader
{
    public static Comparison? Read(MemberReader members, Operator op, JsonNode list, JsonNode? value)
    {
        if (value is not null)
        {
            members.Error(value, members.PointerTo("value"),
                "a condition cannot have both \"value\" and \"list\": put the values into the list, or remove one of "
                    + "the two");
        }

        var form = ReadForm(members, op);
        if (members.AsText(list, "list") is not { } name)
            return null;
        var use = new ListUse(name, form);
        var problem = PolicyNames.IsValid(name)
            ? members.Context.Lists.Problem(use)
            : $"\"{Spelling.Shorten(name)}\" is not a valid list name: {PolicyNames.Rule}";
        if (problem is null)
            return new ListComparison(use, op.IsNegated);
        members.Error(list, members.PointerTo("list"), problem);
        return null;
    }

    // With only one possible form, "as" is an unknown member.
    private static ValueForm ReadForm(MemberReader members, Operator op) => op.Operand.ListForms is [var only]
        ? only
        : ValueForms.Named(members.Choice(members.Optional("as"), "as", ValueForms.Names.AsSpan()));
}
