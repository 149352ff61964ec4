using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>number</c> of a tool entry.</summary>
internal static class NumberReader
{
    private const string Name = "number";
    private const string Decimal = "decimal";

    /// <summary>Returns true if the server parses decimals or 64-bit integers, so that no number is refused.</summary>
    public static bool ReadsDecimals(MemberReader members) =>
        members.Choice(members.Optional(Name), Name, "double", Decimal) == Decimal;

    /// <summary>Returns the context for the parts of an entry, with the entry's setting for numbers.</summary>
    public static DocumentContext ContextOf(JsonNode entry, DocumentContext context) =>
        context with { ReadsDecimals = entry.Find(Name) is { Kind: JsonKind.String, Text: Decimal } };
}
