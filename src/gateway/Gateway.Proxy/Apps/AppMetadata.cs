using System.Text.Json;
using Gateway.Mcp.Writing;
using Gateway.Policy.Apps;

namespace Gateway.Proxy.Apps;

/// <summary>
/// The narrowing of the metadata of one entry (MCP Apps, <c>_meta.ui</c>). It only removes: origins and permissions are
/// intersected with the bounds, and members that the gateway does not know are removed, because they could grant
/// something that no rule covers. A spelling that a less strict reader could take for a known member is removed too.
/// </summary>
/// <param name="rules">The policy's rules for apps.</param>
/// <param name="bounds">The bounds of this app.</param>
/// <param name="isAccepted">True if the app is accepted, so that it may have an origin of its own at the host.</param>
/// <param name="mayLink">Returns true if the client may read a resource.</param>
internal sealed class AppMetadata(AppRules rules, AppBounds bounds, bool isAccepted, Func<string, bool> mayLink)
{
    /// <summary>The member that contains all metadata.</summary>
    public const string Meta = "_meta";

    /// <summary>The member of apps in it.</summary>
    public const string Ui = "ui";

    // The deprecated form of ui.resourceUri, and that of a host before the extension.
    private static readonly string[] Links = ["ui/resourceUri", "openai/outputTemplate"];

    // Bounds in the format of a host before the extension, which no rule covers.
    private static readonly string[] OtherBounds = ["openai/widgetCSP", "openai/widgetDomain"];

    private static readonly byte[] Removed = [];
    private static readonly byte[] ModelOnly = "[\"model\"]"u8.ToArray();

    /// <summary>True if a tool's visibility does not include the model.</summary>
    public bool IsAppOnly { get; private set; }

    /// <summary>True if there is metadata of apps.</summary>
    public bool HasUi { get; private set; }

    /// <summary>Returns the entry as it passes; null if nothing changes.</summary>
    /// <exception cref="JsonException">The entry is not JSON.</exception>
    public byte[]? Narrowed(ReadOnlySpan<byte> entry) => RawJson.Edited(entry, OfEntry);

    private byte[]? OfEntry(string name, ReadOnlySpan<byte> value) =>
        !Is(name, Meta) ? null : name == Meta ? RawJson.Edited(value, OfMeta) : Removed;

    private byte[]? OfMeta(string name, ReadOnlySpan<byte> value)
    {
        if (Is(name, Ui))
        {
            HasUi |= name == Ui;
            return name == Ui ? RawJson.Edited(value, OfUi) : Removed;
        }

        if (OtherBounds.Any(other => Is(name, other)))
            return Removed;
        return Links.FirstOrDefault(link => Is(name, link)) is not { } known ? null
            : name == known ? OfLink(value) : Removed;
    }

    private byte[]? OfUi(string name, ReadOnlySpan<byte> value) => name switch
    {
        "resourceUri" => OfLink(value),
        "visibility" => OfVisibility(value),
        "csp" => OfObject(value, OfCsp),
        "permissions" => OfObject(value, (permission, _) => bounds.Permissions.Contains(permission) ? null : Removed),
        "domain" => isAccepted ? null : Removed,
        "prefersBorder" => null,
        _ => Removed,
    };

    private byte[]? OfLink(ReadOnlySpan<byte> value)
    {
        try
        {
            return value is [(byte)'"', ..] && mayLink(RawJson.String(value)) ? null : Removed;
        }
        catch (InvalidOperationException)
        {
            // The text is not Unicode.
            return Removed;
        }
    }

    private byte[]? OfVisibility(ReadOnlySpan<byte> value)
    {
        if (value is [(byte)'n', ..])
            return null;
        var isForModel = false;
        if (value is [(byte)'[', ..])
        {
            RawJson.EditedItems(value, item =>
            {
                isForModel |= item.SequenceEqual("\"model\""u8);
                return null;
            });
        }

        IsAppOnly |= !isForModel;
        return rules.Allows || !isForModel || value.SequenceEqual(ModelOnly) ? null : ModelOnly;
    }

    // A host could read another kind of value in a way of its own.
    private static byte[]? OfObject(ReadOnlySpan<byte> value, RawJson.MemberEdit edit) =>
        value is [(byte)'{', ..] ? RawJson.Edited(value, edit) : Removed;

    private byte[]? OfCsp(string name, ReadOnlySpan<byte> value)
    {
        if (!AppBounds.CspMembers.Contains(name) || value is not [(byte)'[', ..])
            return Removed;
        var declared = RawJson.TextsOf(value);
        var passed = bounds.Narrowed(name, declared);
        if (passed.SequenceEqual(declared))
            return null;
        var scratch = JsonScratch.Take();
        scratch.Json.WriteStartArray();
        foreach (var text in passed)
            scratch.Json.WriteStringValue(text);
        scratch.Json.WriteEndArray();
        return scratch.ToArray();
    }

    private static bool Is(string name, string member) => name.Equals(member, StringComparison.OrdinalIgnoreCase);
}
