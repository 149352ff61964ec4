using System.Text;
using System.Text.Json;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Rules;

namespace Gateway.Control.Virtual;

/// <summary>
/// Reads <c>virtualTools</c>: server to name to <c>{ "tool", "description", "fix", "default", "schema" }</c>.
/// </summary>
/// <param name="grant">The grant's name.</param>
/// <param name="problem">Receives each problem: the place below <c>virtualTools</c>, and a text.</param>
public sealed class VirtualToolsReader(string grant, Action<string, string> problem)
{
    private const int ToolsMax = 256;
    private const int BytesMax = 128 * 1024;
    private const int NameCharsMax = 128;
    private const int ToolCharsMax = 1024;
    private const int DescriptionCharsMax = 4096;
    private const int DepthMax = 64;
    private static readonly JsonElement Empty = JsonElement.Parse("{}"u8);
    private static readonly string[] Known = ["tool", "description", "fix", "default", "schema"];
    private readonly List<(string Server, VirtualTool Tool)> _all = [];

    /// <summary>Returns the virtual tools; null if there are none, or if there is a problem.</summary>
    /// <param name="json">The JSON as written; null for none.</param>
    /// <param name="servers">The servers of the grant.</param>
    public VirtualTools? Read(string? json, ICollection<string> servers)
    {
        if (json is null)
            return null;
        if (Encoding.UTF8.GetByteCount(json) > BytesMax)
            return Wrong("", $"virtual tools must have at most {BytesMax} bytes together");
        try
        {
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false });
            foreach (var server in Members("", document.RootElement))
                ReadServer(server, servers);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Wrong("", $"virtual tools cannot be read: "
                + (e is JsonException syntax ? JsonErrors.Describe(syntax) : e.Message));
        }

        if (_all.Count > ToolsMax)
            return Wrong("", $"a grant may have at most {ToolsMax} virtual tools");
        return _all.Count == 0 ? null : new VirtualTools(json, _all);
    }

    private void ReadServer(JsonProperty server, ICollection<string> servers)
    {
        var place = "/" + JsonPointer.Escape(server.Name);
        if (!servers.Contains(server.Name))
            problem(place, $"the grant reaches no server \"{server.Name}\"; add it to \"servers\"");
        foreach (var tool in Members(place, server.Value))
        {
            if (ReadTool($"{place}/{JsonPointer.Escape(tool.Name)}", server.Name, tool) is { } read)
                _all.Add((server.Name, read));
        }
    }

    private VirtualTool? ReadTool(string place, string server, JsonProperty tool)
    {
        if (tool.Name.Length is 0 or > NameCharsMax
            || !tool.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            problem(place, $"a tool's name must have 1 to {NameCharsMax} characters from A-Z a-z 0-9 _ - .");
        var given = Members(place, tool.Value).ToDictionary(static one => one.Name, static one => one.Value);
        foreach (var name in given.Keys.Except(Known))
            problem($"{place}/{JsonPointer.Escape(name)}", "a virtual tool has only the members "
                + $"{string.Join(", ", Known)}");
        var original = Text(place, given, "tool", ToolCharsMax);
        if (original is null && !given.ContainsKey("tool"))
            problem(place, "\"tool\" is missing: write the name of the server's tool that this virtual tool replaces");
        var (fix, defaults) = (Values(place, given, "fix"), Values(place, given, "default"));
        foreach (var both in fix.Keys.Intersect(defaults.Keys))
            problem($"{place}/default/{JsonPointer.Escape(both)}", "this argument is fixed, so it cannot have a "
                + "default");
        var schema = given.TryGetValue("schema", out var own) ? own.GetRawText() : null;
        var check = Check(place, server, tool.Name, [.. fix.Keys], [.. defaults.Keys.Except(fix.Keys)], schema);
        return original is null || check is null ? null : new VirtualTool(tool.Name, original, check)
        {
            Description = Text(place, given, "description", DescriptionCharsMax),
            Fixed = fix,
            Defaults = defaults,
            Schema = schema,
        };
    }

    /// <summary>
    /// Returns a policy of one entry. Its <c>arguments</c> refuse fixed arguments, and names that differ from one only
    /// by case.
    /// </summary>
    private PolicyBinding? Check(
        string place, string server, string name, string[] fix, string[] defaults, string? schema)
    {
        var properties = fix.Select(static one => $"{Quoted(one)}:false")
            .Concat(defaults.Select(static one => $"{Quoted(one)}:true"));
        var all = schema is null ? "" : $",\"allOf\":[{schema}]";
        var arguments = $"{{\"type\":\"object\",\"properties\":{{{string.Join(',', properties)}}}{all}}}";
        var entry = $"{{{Quoted(name)}:{{\"arguments\":{arguments}}}}}";
        var policy = $"{{\"version\":\"1\",\"default\":\"deny\",\"tools\":{entry}}}";
        var read = PolicyLoader.Load(Encoding.UTF8.GetBytes(policy), "virtualTools");
        foreach (var one in read.Problems.Where(static one => one.Severity == ProblemSeverity.Error))
            problem($"{place}/schema", one.Message);
        return read.Policy?.Bind(grant, server, CounterGenerations.None, NamedLists.None);
    }

    private Dictionary<string, string> Values(string place, Dictionary<string, JsonElement> given, string member)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!given.TryGetValue(member, out var own))
            return values;
        foreach (var one in Members($"{place}/{member}", own))
            values[one.Name] = one.Value.GetRawText();
        return values;
    }

    private string? Text(string place, Dictionary<string, JsonElement> given, string member, int charsMax)
    {
        if (!given.TryGetValue(member, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            && text.Length <= charsMax)
            return text;
        problem($"{place}/{member}", $"must be a string of 1 to {charsMax} characters");
        return null;
    }

    private JsonElement.ObjectEnumerator Members(string place, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return value.EnumerateObject();
        problem(place, "must be an object");
        return Empty.EnumerateObject();
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private VirtualTools? Wrong(string place, string message)
    {
        problem(place, message);
        return null;
    }
}
