using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>Every schema within a schema, by URI, by anchor and by node.</summary>
internal sealed partial class SchemaIndex
{
    /// <summary>The base URI of a schema without an <c>$id</c>; its host name cannot exist anywhere.</summary>
    public static readonly Uri DefaultBase = new("http://arguments.invalid/");

    private readonly Dictionary<string, SchemaPlace> _byUri = new(StringComparer.Ordinal);
    private readonly Dictionary<JsonNode, SchemaPlace> _byNode = [];
    private readonly ProblemSink _problems;

    public SchemaIndex(JsonNode root, string pointer, ProblemSink problems)
    {
        _problems = problems;
        Root = Enter(new SchemaPlace(root, pointer, DefaultBase));
        _byUri.TryAdd(DefaultBase.AbsoluteUri, Root);
    }

    public SchemaPlace Root { get; }

    /// <summary>Returns the location of a node that is a schema; null for any other node.</summary>
    public SchemaPlace? TryOf(JsonNode node) => _byNode.GetValueOrDefault(node);

    /// <summary>Returns the schema that a reference names; null, with the reason, if there is none.</summary>
    public SchemaPlace? Resolve(SchemaPlace from, string reference, out string problem)
    {
        problem = "";
        if (SchemaUri.Resolve(from.Base, reference) is not { } target)
        {
            problem = $"\"{Spelling.Shorten(reference)}\" is not a URI reference";
            return null;
        }

        var fragment = Uri.UnescapeDataString(target.Fragment.TrimStart('#'));
        var resource = _byUri.GetValueOrDefault(SchemaUri.WithoutFragment(target));
        if (resource is null)
        {
            problem = $"\"{Spelling.Shorten(reference)}\" is not in this schema: a remote schema is never fetched; "
                + "put the schema under \"$defs\"";
            return null;
        }

        var found = fragment.Length == 0 || fragment[0] == '/'
            ? Walk(resource, fragment)
            : _byUri.GetValueOrDefault($"{SchemaUri.WithoutFragment(target)}#{fragment}");
        if (found is null)
            problem = $"\"{Spelling.Shorten(reference)}\" refers to nothing in this schema";
        return found;
    }

    private SchemaPlace Enter(SchemaPlace place)
    {
        if (place.Node.Find("$id") is { } id)
            place = place with { Base = EnterId(place, id) };
        _byNode[place.Node] = place;
        if (place.Node.Find("$anchor") is { } anchor)
            EnterAnchor(place, anchor);
        foreach (var (node, pointer) in SchemaChildren.Of(place))
            Enter(new SchemaPlace(node, pointer, place.Base));
        return place;
    }

    private Uri EnterId(SchemaPlace place, JsonNode id)
    {
        var uri = id.Kind == JsonKind.String ? SchemaUri.Resolve(place.Base, id.Text) : null;
        if (uri is null || uri.Fragment.Length > 1)
        {
            _problems.Error(id.Offset, $"{place.Pointer}/$id", "\"$id\" must be a URI reference without a fragment");
            return place.Base;
        }

        var named = new Uri(SchemaUri.WithoutFragment(uri), UriKind.Absolute);
        if (!_byUri.TryAdd(named.AbsoluteUri, place with { Base = named }))
            _problems.Error(id.Offset, $"{place.Pointer}/$id", "two schemas have this \"$id\"");
        return named;
    }

    private void EnterAnchor(SchemaPlace place, JsonNode anchor)
    {
        if (anchor.Kind != JsonKind.String || !AnchorPattern().IsMatch(anchor.Text))
        {
            _problems.Error(anchor.Offset, $"{place.Pointer}/$anchor",
                "\"$anchor\" must be a name of letters, digits, '-', '_' and '.'");
        }
        else if (!_byUri.TryAdd($"{SchemaUri.WithoutFragment(place.Base)}#{anchor.Text}", place))
        {
            _problems.Error(anchor.Offset, $"{place.Pointer}/$anchor", "two schemas have this \"$anchor\"");
        }
    }

    private SchemaPlace? Walk(SchemaPlace resource, string pointer)
    {
        var (node, path, uri) = (resource.Node, resource.Pointer, resource.Base);
        foreach (var escaped in pointer.Split('/').Skip(1))
        {
            var name = JsonPointer.Unescape(escaped);
            var next = node.Kind == JsonKind.Array ? Item(node, name) : node.Find(name);
            if (next is null)
                return null;
            (node, path) = (next, JsonPointer.Append(path, name));
            uri = _byNode.GetValueOrDefault(node)?.Base ?? uri;
        }

        return _byNode.GetValueOrDefault(node) ?? new SchemaPlace(node, path, uri);
    }

    private static JsonNode? Item(JsonNode array, string index) =>
        int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < array.Items.Length
            ? array.Items[at]
            : null;

    [GeneratedRegex(@"^[A-Za-z_][-A-Za-z0-9._]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnchorPattern();
}
