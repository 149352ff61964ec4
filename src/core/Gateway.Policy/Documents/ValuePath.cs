using Gateway.Policy.Conditions;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Documents;

/// <summary>An argument whose values a limit counts separately, and the form in which they are compared.</summary>
internal sealed record ValuePath(ArgumentPath Path, ValueForm Form)
{
    public override string ToString() => $"{Path} as {ValueForms.NameOf(Form)}";
}
