using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Gateway.Admin.Importing;

/// <summary>One node of a YAML file, with its line and its path.</summary>
internal sealed class YamlSource
{
    private const int BytesMax = 4 * 1024 * 1024;
    private const int LevelsMax = 64;

    private readonly YamlNode _node;

    private YamlSource(YamlNode node, string place) => (_node, Place) = (node, place);

    public string Place { get; }

    public long Line => _node.Start.Line;

    public bool IsMap => _node is YamlMappingNode;

    public bool IsList => _node is YamlSequenceNode;

    public bool IsEmpty => _node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" };

    public string? Text => _node is YamlScalarNode scalar ? scalar.Value : null;

    public IEnumerable<(string Name, YamlSource Value)> Members => _node is not YamlMappingNode map
        ? []
        : map.Children.Select(member => member.Key is YamlScalarNode { Value: { } name }
            ? (name, new YamlSource(member.Value, Place.Length == 0 ? name : $"{Place}.{name}"))
            : throw new ImportException(member.Key.Start.Line, $"{Place}: a name must be plain text"));

    public IEnumerable<YamlSource> Items => _node is YamlSequenceNode list
        ? list.Children.Select((item, index) => new YamlSource(item, $"{Place}[{index}]"))
        : [];

    /// <summary>Reads the single document of a file.</summary>
    /// <exception cref="ImportException">It is not valid YAML, too large, or not exactly one document.</exception>
    public static YamlSource Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > BytesMax)
            throw new ImportException(1, $"the file has {utf8.Length} bytes; the maximum is {BytesMax}");
        try
        {
            var stream = new YamlStream();
            using var reader = new StringReader(new UTF8Encoding(false, true).GetString(utf8));
            stream.Load(reader);
            if (stream.Documents.Count != 1)
                throw new ImportException(1, $"the file has {stream.Documents.Count} documents; it must have one");
            CheckDepth(stream.Documents[0].RootNode);
            return new YamlSource(stream.Documents[0].RootNode, "");
        }
        catch (YamlException e)
        {
            throw new ImportException(e.Start.Line, $"the file is not valid YAML: {e.Message}");
        }
        catch (DecoderFallbackException)
        {
            throw new ImportException(1, "the file is not UTF-8");
        }
    }

    public YamlSource? Find(string name) => Members.FirstOrDefault(member => member.Name == name).Value;

    /// <summary>Returns the members with other names.</summary>
    public IEnumerable<YamlSource> Others(params string[] known) =>
        Members.Where(member => !known.Contains(member.Name)).Select(static member => member.Value);

    public ImportNote Note(string message) => new(Line, Place, message);

    /// <summary>Returns the value as JSON, by the core schema of YAML: a quoted scalar is a string.</summary>
    public JsonNode? ToJson() => _node switch
    {
        YamlSequenceNode => new JsonArray([.. Items.Select(static item => item.ToJson())]),
        YamlMappingNode => new JsonObject(Members.Select(static member =>
            KeyValuePair.Create(member.Name, member.Value.ToJson()))),
        YamlScalarNode { Style: ScalarStyle.Plain } => Plain(Text ?? ""),
        _ => JsonValue.Create(Text ?? ""),
    };

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => JsonValue.Create(true),
        "false" or "False" or "FALSE" => JsonValue.Create(false),
        _ => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : JsonValue.Create(text),
    };

    /// <summary>Checks the depth. An alias stands for the node that it names, so a cycle would be endless.</summary>
    private static void CheckDepth(YamlNode root)
    {
        var left = new Stack<(YamlNode Node, int Depth)>([(root, 0)]);
        var seen = 0;
        while (left.TryPop(out var next))
        {
            if (next.Depth > LevelsMax || ++seen > BytesMax)
                throw new ImportException(next.Node.Start.Line, $"more than {LevelsMax} levels, or endless aliases");
            var below = next.Node switch
            {
                YamlMappingNode map => map.Children.Values,
                YamlSequenceNode list => list.Children,
                _ => (IEnumerable<YamlNode>)[],
            };
            foreach (var node in below)
                left.Push((node, next.Depth + 1));
        }
    }
}
