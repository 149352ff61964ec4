using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Keywords;

/// <summary><c>properties</c>, <c>patternProperties</c>, and <c>additionalProperties</c> for the rest.</summary>
internal sealed class MembersKeyword(
    FrozenDictionary<string, Schema> named,
    ImmutableArray<(SafeRegex Name, Schema Schema)> patterned,
    Schema? rest) : SchemaKeyword
{
    // The expressions are not matched here: a set of schemas that may apply is sufficient.
    private readonly FrozenDictionary<string, Schema[]> _ofNamed = named.ToFrozenDictionary(
        static member => member.Key,
        member => patterned.Select(static pattern => pattern.Schema).Prepend(member.Value).ToArray(),
        StringComparer.Ordinal);

    private readonly Schema[] _ofOthers =
        [.. patterned.Select(static pattern => pattern.Schema), .. rest is null ? Array.Empty<Schema>() : [rest]];

    public override IEnumerable<string> NamesRead => named.Keys;

    public override IEnumerable<Schema> Inner => named.Values.Concat(_ofOthers);

    public override ReadOnlySpan<Schema> OfMember(string name) => _ofNamed.GetValueOrDefault(name, _ofOthers);

    public override bool Accepts(JsonNode value, SchemaRun run)
    {
        foreach (var (name, _, member) in value.Members)
        {
            var isRest = true;
            if (named.TryGetValue(name, out var schema))
            {
                isRest = false;
                if (!run.AcceptsMember(schema, name, member))
                    return false;
            }

            foreach (var (pattern, patternSchema) in patterned)
            {
                // An expression that took too long counts both as a match and as no match, whichever is stricter.
                var isMatch = pattern.IsMatch(name, run.Work);
                isRest &= isMatch != true;
                if (isMatch != false && !run.AcceptsMember(patternSchema, name, member))
                    return false;
            }

            if (isRest && rest is not null && !run.AcceptsMember(rest, name, member))
                return false;
            if (!isRest || rest is not null)
                run.Evaluated?.AddMember(name);
        }

        return true;
    }
}
