using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Mcp.Writing;
using Gateway.Policy.Apps;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>The page of an app that a tool names, and what its server declares for it, as stored.</summary>
/// <param name="Uri">The URI of the page.</param>
/// <param name="Sha256">The hash of the page; null if it could not be read.</param>
public sealed record AppContent(string Uri, string? Sha256)
{
    /// <summary>The declared origins, by member of <c>csp</c>; null if there are none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Csp { get; init; }

    /// <summary>The requested permissions; null if there are none.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The external origins that the page names; null if there are none.</summary>
    public IReadOnlyList<string>? Origins { get; init; }

    /// <summary>The hashes of inline scripts and the addresses of others; null if there are none.</summary>
    public IReadOnlyList<string>? Scripts { get; init; }

    /// <summary>The reason why the page could not be read; null if it could.</summary>
    public string? Problem { get; init; }

    /// <summary>True if the app requests neither origins nor permissions.</summary>
    [JsonIgnore]
    public bool RequestsNothing => Csp is null && Permissions is null;

    /// <summary>The declaration as bounds.</summary>
    [JsonIgnore]
    public AppBounds Bounds => new(
        (Csp ?? FrozenDictionary<string, IReadOnlyList<string>>.Empty).ToFrozenDictionary(
            static one => one.Key, static one => one.Value.Select(AppOrigin.Of).ToImmutableArray(),
            StringComparer.Ordinal),
        (Permissions ?? []).ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Returns true if both are the same page with the same declaration.</summary>
    public bool IsSameAs(AppContent? other) =>
        other is not null && Sha256 is not null && Uri == other.Uri && Sha256 == other.Sha256
        && Written(Csp) == Written(other.Csp) && Written(Permissions) == Written(other.Permissions);

    /// <summary>Reads the page of an app.</summary>
    /// <param name="uri">The URI of the page.</param>
    /// <param name="content">One of the contents of the response to <c>resources/read</c>.</param>
    /// <param name="listed">
    /// The entry of the resource in a list, whose metadata apply if the content has none; empty if it is not listed.
    /// </param>
    public static AppContent Of(string uri, ReadOnlySpan<byte> content, ReadOnlySpan<byte> listed)
    {
        if (PageOf(content) is not { } page)
            return new AppContent(uri, null) { Problem = "The resource has no text, or two." };
        var scanned = AppPage.Scan(page);
        var ui = UiOf(content) ?? (listed.IsEmpty ? null : UiOf(listed));
        var permissions = PermissionsOf(ui);
        var csp = CspOf(ui);
        return new AppContent(uri, HashOf(page))
        {
            Csp = csp.Count > 0 ? csp : null,
            Permissions = permissions.Count > 0 ? permissions : null,
            Origins = scanned.Origins.Count > 0 ? scanned.Origins : null,
            Scripts = scanned.Scripts.Count > 0 ? scanned.Scripts : null,
        };
    }

    /// <summary>Returns the URI of the page that a tool names; null if there is none.</summary>
    public static string? UriOf(ReadOnlySpan<byte> tool)
    {
        try
        {
            return (RawJson.Find(tool, "_meta", "ui", "resourceUri") ?? RawJson.Find(tool, "_meta", "ui/resourceUri"))
                is { } place && tool[place.Start] == (byte)'"' ? RawJson.String(tool[place]) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns who may call a tool by its own definition; both if it does not say.</summary>
    public static IReadOnlyList<string> VisibilityOf(string? tool)
    {
        var bytes = Encoding.UTF8.GetBytes(tool ?? "{}");
        return RawJson.Find(bytes, "_meta", "ui", "visibility") is { } place && bytes[place.Start] == (byte)'['
            ? RawJson.TextsOf(bytes.AsSpan()[place]) : ["model", "app"];
    }

    /// <summary>Returns the page in one of the contents of a resource; null if it has none, or two.</summary>
    public static string? PageOf(ReadOnlySpan<byte> content)
    {
        string? page = null;
        var pages = 0;
        RawJson.Edited(content, (name, value) =>
        {
            var isBlob = name.Equals("blob", StringComparison.OrdinalIgnoreCase);
            if (!isBlob && !name.Equals("text", StringComparison.OrdinalIgnoreCase))
                return null;
            pages++;
            page = value is [(byte)'"', ..] ? Decoded(value, isBlob) : null;
            return null;
        });
        return pages == 1 ? page : null;
    }

    /// <summary>Returns the hash of a page.</summary>
    public static string HashOf(string page) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(page)));

    private static byte[]? UiOf(ReadOnlySpan<byte> entry) =>
        RawJson.Find(entry, "_meta", "ui") is { } place ? entry[place].ToArray() : null;

    private static Dictionary<string, IReadOnlyList<string>> CspOf(byte[]? ui)
    {
        var csp = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var member in AppBounds.CspMembers)
        {
            if (ui is not null && RawJson.Find(ui, "csp", member) is { } place
                && RawJson.TextsOf(ui.AsSpan()[place]) is { Count: > 0 } origins)
                csp[member] = [.. origins.Take(AppBounds.OriginsMax)];
        }

        return csp;
    }

    private static List<string> PermissionsOf(byte[]? ui) => ui is null ? []
        : [.. AppBounds.PermissionNames.Where(name => RawJson.Find(ui, "permissions", name) is not null)];

    private static string? Decoded(ReadOnlySpan<byte> value, bool isBlob)
    {
        try
        {
            var text = RawJson.String(value);
            return isBlob ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : text;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static string Written(IReadOnlyDictionary<string, IReadOnlyList<string>>? csp) => csp is null ? ""
        : string.Join('\n', csp.OrderBy(static one => one.Key, StringComparer.Ordinal)
            .Select(static one => $"{one.Key} {Written(one.Value)}"));

    private static string Written(IReadOnlyList<string>? texts) =>
        string.Join(' ', (texts ?? []).Order(StringComparer.Ordinal));
}

/// <summary>The accepted page of an app in memory.</summary>
/// <param name="Sha256">The hash of the accepted page.</param>
/// <param name="Bounds">The accepted declaration.</param>
/// <param name="IsCurrent">True if the server had this page and declaration when it was last read.</param>
public sealed record AcceptedApp(string Sha256, AppBounds Bounds, bool IsCurrent);
