using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Contracts;

namespace Gateway.Control.Tests.Contracts;

/// <summary>The console's module with the members of an object, from which fields and facts derive.</summary>
internal static class SpecModule
{
    public static void AssertCurrent(JsonTypeInfo type, string page) => GeneratedFile.AssertCurrent(
        _ => Module(type), "src", "gateway", "Gateway.Admin", "Console", "wwwroot", "pages", page, "spec.js");

    private static string Module(JsonTypeInfo type) => $$"""
        // Written from the contracts of Gateway.Control; their tests write it with GATEWAY_UPDATE=1.

        /** @type {import('../../state/spec.js').Member[]} */
        export const members = [
        {{Fields(SpecMember.Of(type), "  ")}}
        ];

        """;

    // A member that the command line has no option for is one that it, and the console, handle in code of their own.
    private static string Fields(IEnumerable<SpecMember> members, string indent) => string.Join('\n', members
        .Where(static one => one.Kind == MemberKind.Object || one.Declared.Placeholder is not null)
        .Select(one => $"{indent}{{\n{indent}  "
            + $"{string.Join($",\n{indent}  ", Properties(one, indent))},\n{indent}}},"));

    private static IEnumerable<string> Properties(SpecMember member, string indent)
    {
        var declared = member.Declared;
        var kind = $"kind: '{member.Kind.ToString().ToLowerInvariant()}'";
        yield return $"name: '{member.NameOnWire}', title: {Text(member.Title)}, {kind}";
        if (declared.Placeholder is { Length: > 0 } placeholder)
            yield return $"placeholder: '{placeholder}'";
        if (declared.Choices.Length > 0)
            yield return $"choices: [{string.Join(", ", declared.Choices.Select(static word => $"'{word}'"))}]";
        if (declared.Choices.Length > 0 && !declared.HasDefault)
            yield return $"absent: '{declared.Absent}'";
        if (declared.LengthMax > 0)
            yield return $"lengthMax: {declared.LengthMax}";
        if (member.Kind is MemberKind.Whole or MemberKind.WholeMap)
            yield return $"min: {declared.Min}, max: {declared.Max}";
        if (declared.Default > 0)
            yield return $"default: {declared.Default}";
        if (declared.IsSecret)
            yield return "isSecret: true";
        yield return $"text: {Text(declared.Text)}";
        if (!member.Members.IsEmpty)
            yield return $"members: [\n{Fields(member.Members, $"{indent}    ")}\n{indent}  ]";
    }

    private static string Text(string text) => JsonSerializer.Serialize(text, SchemaFile.Plain);
}
