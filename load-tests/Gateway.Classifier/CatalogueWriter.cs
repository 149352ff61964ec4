using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Publishing;
using Gateway.Catalogue.Recommending;

namespace Gateway.Classifier;

/// <summary>
/// A writer of the published catalogue from the definitions of load-tests/catalogue/collect.py. It copies names, and
/// the names and types of parameters; classes, risks, reasons and rules are our own.
/// </summary>
internal sealed partial class CatalogueWriter
{
    private const int ParametersMax = 64;

    /// <summary>The share of common definitions from which one of two servers is a copy of the other.</summary>
    private const double CopyFrom = 0.8;

    private readonly Dictionary<string, Collected> _servers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PublishedTool> _tools = new(StringComparer.Ordinal);

    public static int Write(string definitions, string path, DateTimeOffset madeAt)
    {
        var writer = new CatalogueWriter();
        foreach (var line in File.ReadLines(definitions))
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 512 });
            writer.Read(document.RootElement);
        }

        var collected = writer._servers.Values.Where(static one => one.Tools.Count > 0).ToList();
        var kept = Named(WithoutCopies(collected));
        var servers = kept.Select(one => new PublishedServer(
            one.Name, [.. one.Tools.OrderBy(static tool => tool.Key, StringComparer.Ordinal)
                .Select(tool => writer._tools[tool.Value])],
            one.Package, one.Repository, one.Transport)).ToList();
        var head = new PublishedHead(
            PublishedCatalogue.Format, PublishedCatalogue.Version, madeAt, Classification.Version, servers.Count,
            servers.Sum(static one => one.Tools.Count),
            kept.SelectMany(static one => one.Tools.Values).Distinct(StringComparer.Ordinal).Count());
        using (var file = File.Create(path))
            PublishedCatalogue.Write(file, head, servers);
        Console.WriteLine($"{head.Servers} servers, {head.Tools} tools, {head.Distinct} distinct; "
            + $"{collected.Count - kept.Count} servers are copies of others; {new FileInfo(path).Length} bytes");
        foreach (var (name, counts) in Counts(servers))
        {
            Console.WriteLine($"{name}: " + string.Join(", ", counts.GroupBy(static one => one)
                .OrderByDescending(static one => one.Count()).Select(static one => $"{one.Count()} {one.Key}")));
        }

        return 0;
    }

    private static IEnumerable<(string Name, IEnumerable<string> Counts)> Counts(List<PublishedServer> servers)
    {
        var tools = servers.SelectMany(static one => one.Tools).ToList();
        yield return ("transport", servers.Select(static one => one.Transport ?? "unknown"));
        yield return ("package", servers.Select(static one => one.Package?.Split(':')[0] ?? "unknown"));
        yield return ("parameters", tools.Select(static one => one.Parameters is null ? "unknown" : "known"));
        yield return ("class", tools.Select(static one => one.Class.ToString()));
        yield return ("risk", tools.Select(static one => one.Risk.ToString()));
        yield return ("rule", tools.Select(static one => one.Rule));
    }

    private void Read(JsonElement line)
    {
        var name = line.GetProperty("name").GetString()!.Trim();
        if (!Printable.IsMatch(name))
            return;
        var key = line.GetProperty("key").GetString()!;
        _tools[key] = Tool(name, line);
        Add(Text(line, "server")!, Text(line, "package"), Text(line, "repository"), Text(line, "transport"));
        foreach (var also in line.GetProperty("also").EnumerateArray())
            Add(also[1].GetString()!, also[4].GetString(), also[3].GetString(), also[5].GetString());

        void Add(string server, string? package, string? repository, string? transport)
        {
            if (!Printable.IsMatch(server))
                return;
            // One package is one server, in whatever source. A repository may contain several.
            var identity = package ?? $"name:{server.ToUpperInvariant()}";
            if (!_servers.TryGetValue(identity, out var one))
            {
                one = _servers[identity] =
                    new Collected(server, package, string.IsNullOrEmpty(repository) ? null : repository);
            }

            one.Transport ??= transport;
            one.Tools.TryAdd(name, key);
        }
    }

    private static PublishedTool Tool(string name, JsonElement line)
    {
        var facts = LabelReader.Facts(line);
        var found = ToolClassifier.Of(facts);
        var kind = RecommendedRule.KindOf(RecommendedRule.Of(facts, found));
        return new PublishedTool(
            name, found.Category, found.Risk, Math.Round(found.Confidence, 2), found.Reasons, kind,
            Parameters(line.GetProperty("schema")));
    }

    private static Dictionary<string, string>? Parameters(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return null;
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!schema.TryGetProperty("properties", out var members) || members.ValueKind != JsonValueKind.Object)
            return found;
        var required = schema.TryGetProperty("required", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String)
                .Select(static one => one.GetString()!).ToHashSet(StringComparer.Ordinal)
            : [];
        foreach (var member in members.EnumerateObject())
        {
            if (found.Count < ParametersMax && ParameterName.IsMatch(member.Name))
                found[member.Name] = Type(member.Value) + (required.Contains(member.Name) ? "" : "?");
        }

        return found;
    }

    private static string Type(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type))
            return "any";
        var names = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray() : Enumerable.Repeat(type, 1);
        var known = names.Where(static one => one.ValueKind == JsonValueKind.String)
            .Select(static one => one.GetString()!)
            .Where(static one => one is "string" or "number" or "integer" or "boolean" or "object" or "array" or "null")
            .Distinct().ToList();
        return known.Count == 0 ? "any" : string.Join('|', known);
    }

    /// <summary>Returns the servers of which no other one has nearly the same definitions.</summary>
    private static List<Collected> WithoutCopies(List<Collected> servers)
    {
        var kept = new List<Collected>();
        var having = new Dictionary<string, List<Collected>>(StringComparer.Ordinal);
        foreach (var one in servers.OrderByDescending(static one => one.Package is not null)
            .ThenByDescending(static one => one.Tools.Count))
        {
            var keys = one.Tools.Values.ToHashSet(StringComparer.Ordinal);
            var others = keys.SelectMany(key => having.GetValueOrDefault(key) ?? []).Distinct();
            if (others.Any(other => IsCopy(keys, other)))
                continue;
            kept.Add(one);
            foreach (var key in keys)
            {
                if (!having.TryGetValue(key, out var list))
                    having[key] = list = [];
                list.Add(one);
            }
        }

        return kept;
    }

    private static bool IsCopy(HashSet<string> keys, Collected other)
    {
        var common = other.Tools.Values.Distinct(StringComparer.Ordinal).Count(keys.Contains);
        return common >= CopyFrom * (keys.Count + other.Tools.Count - common);
    }

    /// <summary>Gives each server a name of its own, and sorts them.</summary>
    private static List<Collected> Named(List<Collected> servers)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in servers)
        {
            string?[] choices = [one.Name, one.Package?.Split(':', 2)[1], one.Repository, one.Package];
            one.Name = choices.Concat(Enumerable.Range(2, servers.Count).Select(at => $"{one.Name}-{at}"))
                .First(name => name is not null && names.Add(name))!;
        }

        return [.. servers.OrderBy(static one => one.Name, StringComparer.Ordinal)];
    }

    private static string? Text(JsonElement line, string member) => line.GetProperty(member).GetString();

    // A text with spaces in place of a parameter's name is a sentence, which would be copied.
    [GeneratedRegex(@"^[\p{L}\p{N}_.$@:/\[\]-]{1,64}$")]
    private static partial Regex ParameterName { get; }

    [GeneratedRegex(@"^[^\p{C}\p{Zl}\p{Zp}]{1,128}$")]
    private static partial Regex Printable { get; }

    private sealed class Collected(string name, string? package, string? repository)
    {
        public string Name { get; set; } = name;

        public string? Package => package;

        public string? Repository => repository;

        public string? Transport { get; set; }

        /// <summary>The key of the definition of each tool, by name.</summary>
        public Dictionary<string, string> Tools { get; } = new(StringComparer.Ordinal);
    }
}
