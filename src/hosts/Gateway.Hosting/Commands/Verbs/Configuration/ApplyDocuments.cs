using System.Text;
using System.Text.Json;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;
using JsonArray = System.Text.Json.Nodes.JsonArray;
using JsonNode = System.Text.Json.Nodes.JsonNode;
using JsonObject = System.Text.Json.Nodes.JsonObject;
using JsonValue = System.Text.Json.Nodes.JsonValue;
using Tree = Gateway.Policy.Json.JsonNode;

namespace Gateway.Hosting.Commands.Verbs.Configuration;

/// <summary>
/// Servers, policies, lists, budgets and grants in the form of the configuration file, read from files and folders.
/// Records the position of each object, so that every problem has a line and a column.
/// </summary>
internal sealed class ApplyDocuments
{
    private const string TestsSuffix = ".tests.json";

    private static readonly string[] Kinds =
        [
            ControlKinds.Servers, ControlKinds.Policies, ControlKinds.Lists, ControlKinds.Budgets, ControlKinds.Grants,
            ControlKinds.Alerts,
        ];

    // Members of the configuration file that are not objects of the store.
    private static readonly string[] FileOnly =
    [
        "admin", "publicUrl", "oauth", "allowedHosts", "allowedOrigins", "trustedProxies", "policyTests",
    ];

    private readonly Dictionary<string, Source> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, string Name), (Source Source, Tree Node)> _places = [];
    private readonly Dictionary<string, Dictionary<string, string>> _written = [];

    public List<PolicyProblem> Problems { get; } = [];

    /// <summary>Reads files and folders; false if one cannot be read, after an error message.</summary>
    public bool Read(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            IEnumerable<string> files = !Directory.Exists(path) ? new[] { path }
                : Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
            foreach (var file in files)
            {
                if (InputFile.Read(new FileInfo(file)) is not { } bytes)
                    return false;
                _sources.TryAdd(Full(file), new Source(file == "-" ? "<stdin>" : file, bytes, Problems));
            }
        }

        // A policy file that a document names is not a document itself, and neither is its test file.
        var named = _sources.Values.SelectMany(static source => source.Files())
            .SelectMany(static file => new[] { file, Path.ChangeExtension(file, null) + TestsSuffix })
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (path, source) in _sources.ToList())
        {
            if (named.Contains(path))
                _ = Problems.RemoveAll(problem => problem.File == source.File);
            else if (source.Root is not null)
                Add(source);
        }

        return true;
    }

    /// <summary>Returns the objects as the admin API takes them.</summary>
    public byte[] Body()
    {
        using var stream = new MemoryStream();
        using (var body = new Utf8JsonWriter(stream))
        {
            body.WriteStartObject();
            foreach (var (kind, objects) in _written)
            {
                body.WriteStartObject(kind);
                foreach (var (name, text) in objects)
                {
                    body.WritePropertyName(name);
                    body.WriteRawValue(text);
                }

                body.WriteEndObject();
            }

            body.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Returns a problem that the gateway found, with its position in a file.</summary>
    public PolicyProblem Locate(string pointer, string message)
    {
        var steps = pointer.Split('/').Skip(1).Select(JsonPointer.Unescape).ToList();
        return steps.Count >= 2 && _places.TryGetValue((steps[0], steps[1]), out var place)
            ? place.Source.At(place.Node, steps.Skip(2), pointer, message)
            : new PolicyProblem(ProblemSeverity.Error, "(all documents)", 1, 1, pointer, message);
    }

    private static string Full(string path) => path == "-" ? path : Path.GetFullPath(path);

    private void Add(Source source)
    {
        if (source.Root!.Kind != JsonKind.Object)
        {
            Problems.Add(source.At(source.Root, [], "", "a document is an object with \"servers\", \"policies\", "
                + "\"lists\", \"budgets\", \"grants\" or \"alerts\""));
            return;
        }

        using var document = JsonDocument.Parse(
            source.Bytes, new JsonDocumentOptions { MaxDepth = ControlDocument.DepthMax });
        foreach (var member in source.Root.Members.Where(static member => member.Name != "$schema"))
        {
            var pointer = JsonPointer.Of([member.Name]);
            if (!Kinds.Contains(member.Name))
            {
                Problems.Add(source.At(member.Value, [], pointer, member.Name == ControlKinds.Operators
                    ? "operators cannot be applied from documents; create them with gateway operator create"
                    : FileOnly.Contains(member.Name)
                    ? $"\"{member.Name}\" belongs to the configuration file of a gateway; remove it from this document"
                    : $"\"{Spelling.Shorten(member.Name)}\" is not one of {string.Join(", ", Kinds)}"
                        + Spelling.Suggest(member.Name, Kinds)));
            }
            else if (member.Value.Kind != JsonKind.Object)
                Problems.Add(source.At(member.Value, [], pointer, $"\"{member.Name}\" must be an object, by name"));
            else
            {
                foreach (var one in member.Value.Members)
                    Add(source, member.Name, one, document.RootElement.GetProperty(member.Name).GetProperty(one.Name));
            }
        }
    }

    private void Add(Source source, string kind, JsonMember member, JsonElement element)
    {
        var pointer = JsonPointer.Of([kind, member.Name]);
        if (_places.TryGetValue((kind, member.Name), out var first))
        {
            Problems.Add(source.At(member.Value, [], pointer,
                $"\"{member.Name}\" is also in {first.Source.File}; describe it once"));
            return;
        }

        var place = (Source: source, Node: member.Value);
        JsonNode? value;
        if (source.FileOf(kind, member.Value) is { } file)
        {
            (var read, value) = FromFile(source, kind, member.Value, pointer, file);
            place = read is null ? place : (read, read.Root!);
        }
        else
            value = JsonNode.Parse(element.GetRawText());
        _places[(kind, member.Name)] = place;
        if (value is JsonObject written && kind is ControlKinds.Servers or ControlKinds.Grants)
            Expand(value, pointer);
        if (kind == ControlKinds.Grants && value is JsonObject grant)
            HashToken(grant, pointer);
        if (!_written.TryGetValue(kind, out var objects))
            _written[kind] = objects = [];
        // A policy is stored byte for byte, so its text must not be reformatted.
        objects[member.Name] = kind != ControlKinds.Policies ? value?.ToJsonString() ?? "null"
            : place.Source == source ? element.GetRawText()
            : Encoding.UTF8.GetString(place.Source.Bytes).Trim();
    }

    private (Source? Source, JsonNode? Value) FromFile(
        Source source, string kind, Tree node, string pointer, string file)
    {
        if (!File.Exists(file))
        {
            Problems.Add(source.At(node, ["file"], pointer + "/file", $"there is no file {file}"));
            return default;
        }

        var bytes = File.ReadAllBytes(file);
        if (kind == ControlKinds.Lists)
        {
            if (ListText.Read(bytes, out var why) is { } values)
                return (null, new JsonArray([.. values.Select(static one => JsonValue.Create(one))]));
            Problems.Add(source.At(node, ["file"], pointer + "/file", $"{file} is not a list: {why}"));
            return default;
        }

        var read = new Source(Path.GetRelativePath(Environment.CurrentDirectory, file), bytes, Problems);
        return read.Root is null ? default : (read, null);
    }

    /// <summary>Replaces references to environment variables and local files in each string.</summary>
    private void Expand(JsonNode? node, string pointer)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    var at = JsonPointer.Append(pointer, name);
                    if (Expanded(value, at) is { } text)
                        members[name] = text;
                    else
                        Expand(value, at);
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Expanded(items[i], JsonPointer.Append(pointer, i)) is { } text)
                        items[i] = text;
                    else
                        Expand(items[i], JsonPointer.Append(pointer, i));
                }

                break;
        }
    }

    private string? Expanded(JsonNode? value, string pointer)
    {
        if (value?.GetValueKind() != JsonValueKind.String || !((string)value!).Contains("${", StringComparison.Ordinal))
            return null;
        if (EnvironmentReferences.TryExpand(
            (string)value!, Environment.GetEnvironmentVariable, File.ReadAllText, out var text, out var problem))
            return text;
        Problems.Add(Locate(pointer, problem));
        return null;
    }

    /// <summary>Replaces a token by its hash, because the gateway stores only the hash.</summary>
    private void HashToken(JsonObject grant, string pointer)
    {
        if (grant["token"] is not { } written)
            return;
        grant.Remove("token");
        var token = written.GetValueKind() == JsonValueKind.String ? (string)written! : "";
        if (grant.ContainsKey("tokenHash"))
            Problems.Add(Locate(pointer, "a grant must have only one of \"token\" and \"tokenHash\""));
        else if (!TokenHash.IsToken(token))
            Problems.Add(Locate($"{pointer}/token", $"a token must have {TokenHash.TokenRule}"));
        else
            grant["tokenHash"] = TokenHash.Of(token).ToString();
    }

    /// <summary>A file with the positions of its values.</summary>
    private sealed class Source
    {
        private readonly LineMap _lines;

        public Source(string file, byte[] bytes, List<PolicyProblem> problems)
        {
            (File, Bytes, _lines) = (file, bytes, new LineMap(bytes));
            var found = new ProblemSink(file, _lines);
            Root = found.Read(bytes);
            problems.AddRange(found.ToImmutable());
            if (found.HasErrors)
                Root = null;
        }

        public string File { get; }

        public byte[] Bytes { get; }

        /// <summary>The document; null if it cannot be read, which is then one of the problems.</summary>
        public Tree? Root { get; }

        /// <summary>Returns the file of a policy or a list; null if it is inline.</summary>
        public string? FileOf(string kind, Tree node) =>
            kind is ControlKinds.Policies or ControlKinds.Lists
            && node is { Kind: JsonKind.Object, Members: [var only] }
            && only is { Name: "file", Value.Kind: JsonKind.String }
                ? Path.GetFullPath(only.Value.Text, Path.GetDirectoryName(Full(File == "<stdin>" ? "." : File))!)
                : null;

        /// <summary>Returns all files that the document names.</summary>
        public IEnumerable<string> Files() =>
            from kind in Root?.Kind == JsonKind.Object ? Root.Members.ToArray() : []
            from one in kind.Value.Members
            let file = FileOf(kind.Name, one.Value)
            where file is not null
            select file;

        /// <summary>Returns a problem at a value below a node, or at its nearest existing ancestor.</summary>
        public PolicyProblem At(Tree node, IEnumerable<string> steps, string pointer, string message)
        {
            foreach (var step in steps)
            {
                var next = node.Kind == JsonKind.Array && int.TryParse(step, out var index)
                    && index >= 0 && index < node.Items.Length
                        ? node.Items[index]
                        : node.Find(step);
                if (next is null)
                    break;
                node = next;
            }

            return At(node.Offset, pointer, message);
        }

        private PolicyProblem At(int offset, string pointer, string message)
        {
            var (line, column) = _lines.At(offset);
            return new PolicyProblem(ProblemSeverity.Error, File, line, column, pointer, message);
        }
    }
}
