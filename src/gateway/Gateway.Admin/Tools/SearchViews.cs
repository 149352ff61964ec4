using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Catalogue.Indexing;
using Gateway.Proxy.Pinning;

namespace Gateway.Admin.Tools;

/// <summary>Combines the results of two indexes into one response.</summary>
public static class SearchViews
{
    /// <summary>Searches an index without a gateway. Returns the result in the format of the API.</summary>
    public static JsonObject Find(CatalogueIndex index, SearchQuestion question)
    {
        ArgumentNullException.ThrowIfNull(index);
        return JsonSerializer.SerializeToNode(
            Of(question, null, index.Search(question), index, null, static (_, _) => null, null),
            CatalogueJson.Default.SearchView)!.AsObject();
    }

    /// <summary>Combines the results of registered servers and of others.</summary>
    internal static SearchView Of(
        SearchQuestion question, SearchAnswer? own, SearchAnswer? others, CatalogueIndex? index, string? note,
        Func<string, string, string?> appOf, PinnedTools? pinned)
    {
        List<(SearchAnswer Found, bool IsOwn)> both = [];
        if (own is not null)
            both.Add((own, true));
        if (others is not null)
            both.Add((others, false));
        return new SearchView(
            both.Sum(static one => one.Found.Total),
            [.. both.SelectMany(one => one.Found.Tools.Select(tool => ToolOf(tool, one.IsOwn)))
                .Take(question.Limit)],
            [.. both.SelectMany(static one => one.Found.Servers.Select(server =>
                Server(server, one.IsOwn)))],
            new FacetsView(
                Sum(both.Select(static one => one.Found.Categories)),
                Sum(both.Select(static one => one.Found.Risks)),
                Sum(both.Select(static one => one.Found.Transports)),
                [.. both.SelectMany(static one => one.Found.TopServers.Select(server =>
                    new ServerFacetView(server.Key, server.Value, one.IsOwn)))]),
            index is null ? null : new SearchedView(index.Servers, index.Tools, index.MadeAt, index.IsPublished),
            note,
            !question.ByServer ? null : [.. both.SelectMany(one => one.Found.Groups.Select(group => new FoundGroupView(
                Server(group.Server, one.IsOwn), group.Matching,
                [.. group.Tools.Select(tool => ToolOf(tool, one.IsOwn))]))).Take(question.Limit)]);

        FoundToolView ToolOf(IndexedTool tool, bool isOwn) =>
            !isOwn ? Tool(question, tool, isOwn) : Tool(question, tool, isOwn) with
            {
                App = appOf(tool.Server, tool.Name),
                Suspicious = pinned?.IsSuspicious(tool.Server, tool.Name) == true ? true : null,
            };
    }

    private static FoundServerView Server(IndexedServer server, bool isOwn) => new(
        server.Name, server.Description, server.Tools, isOwn, server.Origin.Package, server.Origin.Repository,
        server.Origin.Transport.ToString());

    private static FoundToolView Tool(SearchQuestion question, IndexedTool tool, bool isOwn) => new(
        tool.Server, tool.Name, tool.Title, tool.Description, tool.Category.ToString(), tool.Risk.ToString(),
        tool.Confidence, isOwn,
        new HighlightsView(question.Mark(tool.Name), question.Mark(tool.Title), question.Mark(tool.Description)),
        tool.Parameters, tool.Reason, tool.Rule);

    private static Dictionary<string, int> Sum<T>(IEnumerable<IReadOnlyDictionary<T, int>> counts)
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(
            static one => one.ToString(), one => counts.Sum(count => count.GetValueOrDefault(one)));
}
