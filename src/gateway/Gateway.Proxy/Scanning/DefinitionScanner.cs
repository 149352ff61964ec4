using System.Text.Json;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// Looks through every text of a definition, the names of its members too, for what is meant for a model and not for
/// whoever calls the tool. It takes time in proportion to the length, and no network.
/// </summary>
public static class DefinitionScanner
{
    /// <summary>The most findings of one definition.</summary>
    public const int FindingsMax = 20;

    private const int DepthMax = 250;

    /// <summary>What is found in the definition by itself.</summary>
    /// <param name="definition">A tool as JSON; one that cannot be read has none, as nothing lets it pass.</param>
    public static IReadOnlyList<Finding> Scan(string definition)
    {
        var found = new List<Finding>();
        try
        {
            Walk(JsonElement.Parse(definition, new JsonDocumentOptions { MaxDepth = DepthMax }),
                DefinitionPlace.Root, found);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }

        return [.. found.DistinctBy(static one => (one.Kind, one.Place))];
    }

    /// <summary>What is found in a text that is no definition, such as a server's instructions.</summary>
    public static IReadOnlyList<Finding> ScanText(string text, string place)
    {
        var found = new List<Finding>();
        Look(text, () => place, found);
        return found;
    }

    private static void Walk(JsonElement value, DefinitionPlace place, List<Finding> found)
    {
        if (found.Count >= FindingsMax)
            return;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    var inside = place.Member(member.Name);
                    Look(member.Name, inside.ToString, found);
                    Walk(member.Value, inside, found);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Walk(item, place.Item(index++), found);
                break;
            case JsonValueKind.String:
                Look(value.GetString()!, place.ToString, found);
                break;
            default:
                break;
        }
    }

    private static void Look(string text, Func<string> place, List<Finding> found)
    {
        if (found.Count >= FindingsMax)
            return;
        if (HiddenText.In(text) is { } hidden)
        {
            var kind = hidden.IsText ? "hidden_text" : "stray_characters";
            found.Add(new Finding(kind, hidden.IsText, place(), hidden.Reason));
        }

        if (EncodedText.In(text) is { } payload)
            found.Add(new Finding("payload", IsHard: true, place(), payload));
        if (InjectedText.In(text) is { } instruction)
            found.Add(new Finding("instruction", IsHard: false, place(), instruction));
    }
}
