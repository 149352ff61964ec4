using System.Text.Json;

namespace Gateway.Proxy.Searching;

/// <summary>A tool with the words that it is found by.</summary>
public sealed class SearchableTool
{
    private const double OfName = 4;
    private const double OfTitle = 2;
    private const double OfText = 1;
    private const double OfArguments = 0.5;
    private const double Likeness = 0.5;
    private const int TextCharsMax = 2000;
    private const int ArgumentsMax = 64;
    private const int WordsMax = 256;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    private readonly Dictionary<string, double> _words = new(StringComparer.Ordinal);

    private SearchableTool(string name, string definition) => (Name, Definition) = (name, definition);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>All that its server says of it, as JSON.</summary>
    public string Definition { get; }

    /// <summary>Its description; empty where it has none that can be read.</summary>
    public string Description { get; private set; } = "";

    /// <summary>How much there is to read of it, in weighted words.</summary>
    internal double Length { get; private set; }

    /// <summary>Reads a definition; one that cannot be read is found by its name alone.</summary>
    public static SearchableTool Of(string name, string definition)
    {
        var tool = new SearchableTool(name, definition);
        tool.Add(name, OfName);
        try
        {
            using var json = JsonDocument.Parse(definition, Deep);
            tool.Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is none: its name is what is left.
        }

        tool.Length = tool._words.Values.Sum();
        return tool;
    }

    /// <summary>How much it says of a word, itself or by one of its kind.</summary>
    internal double Weight(string word) => _words.GetValueOrDefault(word);

    /// <summary>How a kind of words is kept beside the words themselves.</summary>
    internal static string KindKey(string kind) => "\n" + kind;

    private void Read(JsonElement root)
    {
        Description = Text(root, "description");
        Add(Text(root, "title"), OfTitle);
        if (Member(root, "annotations") is { } hints)
            Add(Text(hints, "title"), OfTitle);
        Add(Description, OfText);
        if (Member(root, "inputSchema") is not { } schema || Member(schema, "properties") is not { } properties)
            return;
        foreach (var property in properties.EnumerateObject().Take(ArgumentsMax))
        {
            Add(property.Name, OfText);
            Add(Text(property.Value, "description"), OfArguments);
        }
    }

    private void Add(string text, double weight)
    {
        foreach (var (word, kind) in SearchWords.Of(text, TextCharsMax))
        {
            Add(word, weight, 1);
            Add(KindKey(kind), weight, Likeness);
        }
    }

    private void Add(string word, double weight, double share)
    {
        if (_words.Count < WordsMax || _words.ContainsKey(word))
            _words[word] = _words.GetValueOrDefault(word) + (weight * share);
    }

    private static string Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text)
        && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member)
        && member.ValueKind == JsonValueKind.Object ? member : null;
}
