using Gateway.Mcp.Writing;
using Gateway.Policy;
using Gateway.Policy.Apps;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Pinning;

namespace Gateway.Proxy.Apps;

/// <summary>
/// The narrowing of apps to what a policy allows, in lists and in the contents of resources. Without origins or
/// permissions in the policy, an app has those that were accepted with its page, and none before.
/// </summary>
/// <param name="policy">The policy for the server.</param>
/// <param name="rules">Its rules for apps.</param>
/// <param name="pinned">The accepted apps.</param>
internal sealed class AppFilter(PolicyBinding policy, AppRules rules, PinnedTools pinned)
{
    /// <summary>True if tools that only apps may call are hidden, because the client does not show apps.</summary>
    public bool HidesAppTools { get; init; }

    /// <summary>Returns the filter; null if apps pass as the server declares them.</summary>
    /// <param name="policy">The policy for the server.</param>
    /// <param name="pinned">The accepted apps.</param>
    /// <param name="showsApps">True if the client declares that it shows apps; null if unknown.</param>
    public static AppFilter? Of(PolicyBinding policy, PinnedTools pinned, bool? showsApps) =>
        policy.Apps is { } rules ? new AppFilter(policy, rules, pinned) { HidesAppTools = showsApps == false } : null;

    /// <summary>Returns the entry of a tool as it passes: null if nothing changes, empty if it is hidden.</summary>
    public byte[]? Tool(ReadOnlySpan<byte> entry)
    {
        var metadata = MetadataOf(null);
        var narrowed = metadata.Narrowed(entry);
        return metadata.IsAppOnly && (HidesAppTools || !rules.Allows) ? [] : narrowed;
    }

    /// <summary>Returns the entry of a resource as it passes; null if nothing changes.</summary>
    public byte[]? Resource(string uri, ReadOnlySpan<byte> entry) =>
        MetadataOf(pinned.AppOf(policy.Server, uri) is { IsCurrent: true } app ? app.Bounds : null).Narrowed(entry);

    /// <summary>Returns one of the contents of a resource as it passes; null if nothing changes.</summary>
    public byte[]? Content(ReadOnlySpan<byte> content)
    {
        var app = TextOf(content, "uri") is { } uri ? pinned.AppOf(policy.Server, uri) : null;
        var isAccepted = app is not null && AppContent.PageOf(content) is { } page
            && AppContent.HashOf(page) == app.Sha256;
        var metadata = MetadataOf(isAccepted ? app!.Bounds : null);
        var narrowed = metadata.Narrowed(content);
        // Without metadata of its own, a host uses those of the list, which belong to the accepted page.
        return app is null || isAccepted || metadata.HasUi ? narrowed : WithEmptyUi(narrowed ?? content.ToArray());
    }

    private AppMetadata MetadataOf(AppBounds? accepted) => new(
        rules, rules.BoundsOf(accepted), accepted is not null,
        uri => rules.Allows && PolicyEngine.IsListed(policy, ListKind.Resources, uri));

    private static byte[] WithEmptyUi(byte[] content)
    {
        if (RawJson.Find(content, AppMetadata.Meta) is { } place
            && RawJson.With(content.AsSpan()[place], "\"ui\":{}"u8) is { } meta)
            return RawJson.Replace(content, place, meta);
        var without = RawJson.Edited(content, static (name, _) => name == AppMetadata.Meta ? [] : null) ?? content;
        return RawJson.With(without, "\"_meta\":{\"ui\":{}}"u8) ?? content;
    }

    private static string? TextOf(ReadOnlySpan<byte> json, string member)
    {
        try
        {
            return RawJson.Find(json, member) is { } place && json[place.Start] == (byte)'"'
                ? RawJson.String(json[place]) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
