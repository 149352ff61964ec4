using System.IO.Enumeration;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Indexing;
using Gateway.Policy.Text;
using Gateway.Proxy.Registry;

namespace Gateway.Catalogue.Publishing;

/// <summary>The options of the registry.</summary>
public sealed record RegistryOptions
{
    /// <summary>
    /// The public servers that the registry lists, as names or packages with <c>*</c> for any text; none by default.
    /// </summary>
    public IReadOnlyList<string> Allow { get; init; } = [];
}

/// <summary>The public servers with a package that match the operators' list.</summary>
internal sealed class AllowedServers(PublicCatalogue catalogue, RegistryOptions options) : IPublicServers
{
    private (CatalogueIndex? Of, IReadOnlyList<PublicServer> Servers) _known = (null, []);

    public IReadOnlyList<PublicServer> Allowed
    {
        get
        {
            if (options.Allow.Count == 0)
                return [];
            var index = catalogue.Current(out _);
            var known = _known;
            if (index is null || index == known.Of)
                return known.Servers;
            try
            {
                _known = known = (index, [.. index.AllServers().Where(IsAllowed).Select(one => Of(one, index))]);
                return known.Servers;
            }
            catch (IndexException)
            {
                // The index was damaged after it was opened. The previous list stays.
                return known.Servers;
            }
        }
    }

    private bool IsAllowed((IndexedServer Server, IReadOnlyDictionary<ToolCategory, int> Categories) one) =>
        one.Server.Origin is { Package: { } package, Transport: KnownTransport.Stdio } && options.Allow.Any(pattern =>
            FileSystemName.MatchesSimpleExpression(pattern, one.Server.Name)
            || FileSystemName.MatchesSimpleExpression(pattern, package));

    private static PublicServer Of(
        (IndexedServer Server, IReadOnlyDictionary<ToolCategory, int> Categories) one, CatalogueIndex index)
    {
        var package = one.Server.Origin.Package!.Split(':', 2);
        var counts = string.Join(", ", one.Categories.Where(static count => count.Value > 0)
            .OrderByDescending(static count => count.Key.Severity())
            .Select(static count => $"{count.Value} {count.Key}"));
        return new PublicServer(
            one.Server.Name, package[0], package[1], $"{Spelling.Count(one.Server.Tools, "tool")}: {counts}.",
            index.MadeAt);
    }
}
