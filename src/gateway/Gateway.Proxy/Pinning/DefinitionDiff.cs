using System.Text.Json;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>The differences between two definitions, member by member, for display.</summary>
public static class DefinitionDiff
{
    /// <summary>The maximum number of members listed; any further ones are only counted.</summary>
    public const int LinesMax = 100;

    private const int TextCharsMax = 300;
    private const int DepthMax = 250;

    /// <summary>Returns the changed members, by their place.</summary>
    /// <param name="was">The accepted definition; null if it was too long to keep.</param>
    /// <param name="now">The current definition.</param>
    public static IReadOnlyList<DefinitionChange> Of(string? was, string? now)
    {
        var (before, after) = (Members(was), Members(now));
        return
        [
            .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
                .Where(place => before.GetValueOrDefault(place) != after.GetValueOrDefault(place))
                .Take(LinesMax)
                .Select(place => new DefinitionChange(
                    place, Cut(before.GetValueOrDefault(place)), Cut(after.GetValueOrDefault(place)))),
        ];
    }

    private static Dictionary<string, string> Members(string? definition)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (definition is null)
            return found;
        try
        {
            Add(JsonElement.Parse(definition, new JsonDocumentOptions { MaxDepth = DepthMax }), "", found);
        }
        catch (JsonException)
        {
            found[""] = definition;
        }

        return found;
    }

    // A leaf or an empty value is shown as written.
    private static void Add(JsonElement value, string place, Dictionary<string, string> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var member in value.EnumerateObject())
                    Add(member.Value, $"{place}/{DefinitionPlace.Escaped(member.Name)}", found);
                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Add(item, $"{place}/{index++}", found);
                break;
            default:
                found[place] = value.GetRawText();
                break;
        }
    }

    // The difference may be in the part that is cut off; then the length shows it.
    private static string? Cut(string? text) => text?.Length > TextCharsMax
        ? $"{text[..TextCharsMax]}… ({text.Length} characters)"
        : text;
}

/// <summary>One changed member of a definition.</summary>
/// <param name="Place">Its JSON Pointer.</param>
/// <param name="Was">The previous value as JSON; null if it was absent.</param>
/// <param name="Is">The current value as JSON; null if it is absent.</param>
public sealed record DefinitionChange(string Place, string? Was, string? Is);
