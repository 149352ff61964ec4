using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>case_variants</c>, of the document or of an entry.</summary>
internal static class VariantsReader
{
    private const string Name = "case_variants";

    /// <summary>Returns true if variants are allowed; null if the member is absent.</summary>
    public static bool? Read(MemberReader members) =>
        members.Choice(members.Optional(Name), Name, "deny", "allow") is { } word ? word == "allow" : null;
}
