using System.Text.Json;

namespace Gateway.Proxy.Searching;

/// <summary>A tool with its search words.</summary>
public sealed class SearchableTool
{
    private const double OfName = 2;
    private const double OfServer = 4;
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

    /// <summary>The tool's name.</summary>
    public string Name { get; }

    /// <summary>The full definition from its server, as JSON.</summary>
    public string Definition { get; }

    /// <summary>The tool's description; empty if it has no readable one.</summary>
    public string Description { get; private set; } = "";

    /// <summary>The length of its texts, in weighted words.</summary>
    internal double Length { get; private set; }

    /// <summary>Reads a definition; a tool with an unreadable one is found only by its name.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="definition">The definition from its server, as JSON.</param>
    /// <param name="server">
    /// The server's name, which people name in requests; it decides nothing where all tools have the same.
    /// </param>
    public static SearchableTool Of(string name, string definition, string server = "")
    {
        var tool = new SearchableTool(name, definition);
        tool.Add(name, OfName);
        tool.Add(server, OfServer);
        try
        {
            using var json = JsonDocument.Parse(definition, Deep);
            tool.Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or invalid text: only the name remains.
        }

        tool.Length = tool._words.Values.Sum();
        return tool;
    }

    /// <summary>Returns the weight of a word or of a group of synonyms.</summary>
    internal double Weight(string word) => _words.GetValueOrDefault(word);

    /// <summary>Returns the key under which a group of synonyms is stored beside the words.</summary>
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
