using Gateway.Catalogue.Keeping;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Admin.Tools;

/// <summary>An app of a tool: the page that a host displays, and what its server requests for it.</summary>
/// <param name="Uri">The URI of the page.</param>
/// <param name="Sha256">The hash of the page; absent if it could not be read.</param>
/// <param name="Accepted">True if the page and the requests are those that an operator accepted.</param>
/// <param name="Csp">The external origins that the server declares, by member of <c>csp</c>; absent if none.</param>
/// <param name="Permissions">The permissions that it requests; empty if none.</param>
/// <param name="Origins">The external origins that the page names; empty if none.</param>
/// <param name="Scripts">The hashes of its inline scripts, and the addresses of others.</param>
/// <param name="Problem">The reason why the page could not be read; absent if it could.</param>
internal sealed record AppView(
    string Uri,
    string? Sha256,
    bool Accepted,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Csp,
    IReadOnlyList<string> Permissions,
    IReadOnlyList<string> Origins,
    IReadOnlyList<string> Scripts,
    string? Problem)
{
    /// <summary>Who may call the tool: <c>model</c>, <c>app</c>, or both.</summary>
    public IReadOnlyList<string> Visibility { get; init; } = [];

    /// <summary>The differences from the accepted app that a person should see; empty if there are none.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Returns the app of a tool; null if it has none.</summary>
    public static AppView? Of(KeptItem? tool) => tool?.App is not { } app ? null : new AppView(
        app.Uri, app.Sha256, app.IsSameAs(tool.Accepted?.App), app.Csp, app.Permissions ?? [], app.Origins ?? [],
        app.Scripts ?? [], app.Problem)
    {
        Visibility = AppContent.VisibilityOf(tool.Definition),
        Findings = AppFindings.Of(tool),
    };

    /// <summary>Returns the differences from the accepted app, with pointers below <c>/app</c>.</summary>
    public static IEnumerable<DefinitionChange> Changes(KeptItem tool)
    {
        if (tool.App is not { } now || now.IsSameAs(tool.Accepted?.App))
            yield break;
        var was = tool.Accepted?.App;
        foreach (var (place, before, after) in (IEnumerable<(string, string?, string?)>)
            [("uri", was?.Uri, now.Uri), ("sha256", was?.Sha256, now.Sha256)])
        {
            if (before != after)
                yield return new DefinitionChange($"/app/{place}", before, after);
        }

        foreach (var member in (was?.Csp?.Keys ?? []).Union(now.Csp?.Keys ?? []).Order(StringComparer.Ordinal))
        {
            foreach (var change in Changes(
                $"/app/csp/{member}", was?.Csp?.GetValueOrDefault(member), now.Csp?.GetValueOrDefault(member)))
                yield return change;
        }

        foreach (var change in Changes("/app/permissions", was?.Permissions, now.Permissions)
            .Concat(Changes("/app/origins", was?.Origins, now.Origins))
            .Concat(Changes("/app/scripts", was?.Scripts, now.Scripts)))
            yield return change;
    }

    private static IEnumerable<DefinitionChange> Changes(
        string place, IReadOnlyList<string>? was, IReadOnlyList<string>? now) =>
        (was ?? []).Except(now ?? []).Select(one => new DefinitionChange(place, one, null))
            .Concat((now ?? []).Except(was ?? []).Select(one => new DefinitionChange(place, null, one)));
}
