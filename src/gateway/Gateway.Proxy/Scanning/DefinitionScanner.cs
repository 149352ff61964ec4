using System.Text.Json;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// A scanner of every text of a definition, including the names of its members, for text that targets a model instead
/// of describing the tool. It takes time linear in the length and uses no network.
/// </summary>
public static class DefinitionScanner
{
    /// <summary>The maximum number of findings per definition.</summary>
    public const int FindingsMax = 20;

    private const int DepthMax = 250;

    /// <summary>Returns the findings in a definition.</summary>
    /// <param name="definition">
    /// A tool as JSON. An unreadable one has no findings, because it is blocked anyway.
    /// </param>
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

    /// <summary>Returns the findings in a text that is not a definition, such as a server's instructions.</summary>
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
