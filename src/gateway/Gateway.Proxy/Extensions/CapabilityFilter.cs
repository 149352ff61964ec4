using System.Text;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Proxy.Extensions;

/// <summary>
/// The removal of extensions that a policy does not pass from the capabilities of a client or a server. Everything else
/// keeps its bytes.
/// </summary>
internal static class CapabilityFilter
{
    /// <summary>The member of capabilities that contains the extensions.</summary>
    public const string Extensions = "extensions";

    /// <summary>The member for the experimental tasks of 2025-11-25.</summary>
    public const string Tasks = "tasks";

    private static readonly byte[] Removed = [];

    /// <summary>Returns the capabilities, an object, as they pass; null if nothing changes.</summary>
    public static byte[]? Filtered(ReadOnlySpan<byte> capabilities, PolicyBinding policy) =>
        RawJson.Edited(capabilities, (name, value) =>
        {
            if (IsVariant(name, Extensions))
                return name == Extensions ? FilteredExtensions(value, policy) : Removed;
            if (!IsVariant(name, Tasks))
                return null;
            // The list of tasks is never served, because no server can tell the tasks of two grants apart.
            return name == Tasks && policy.Passes(KnownExtensions.Tasks)
                ? RawJson.Edited(value, static (member, _) => IsVariant(member, "list") ? Removed : null)
                : Removed;
        });

    /// <summary>Returns an object without the spellings of a member; null if it has none.</summary>
    public static byte[]? Without(ReadOnlySpan<byte> json, string member) =>
        RawJson.Edited(json, (name, _) => IsVariant(name, member) ? Removed : null);

    /// <summary>Returns capabilities, an object, with the extension for tasks; null if they have it.</summary>
    public static byte[]? WithTasks(ReadOnlySpan<byte> capabilities)
    {
        if (RawJson.Find(capabilities, Extensions) is not { } place)
            return With(capabilities, $"\"{Extensions}\":{{\"{KnownExtensions.Tasks}\":{{}}}}");
        return RawJson.Find(capabilities, Extensions, KnownExtensions.Tasks) is null
            && With(capabilities[place], $"\"{KnownExtensions.Tasks}\":{{}}") is { } with
            ? RawJson.Replace(capabilities, place, with) : null;
    }

    /// <summary>Returns a text without the spellings of a member of the object at a path.</summary>
    public static byte[] WithoutAt(ReadOnlySpan<byte> json, string member, params ReadOnlySpan<string> path) =>
        RawJson.Find(json, path) is { } place && Without(json[place], member) is { } without
            ? RawJson.Replace(json, place, without)
            : json.ToArray();

    private static byte[]? With(ReadOnlySpan<byte> json, string member) =>
        RawJson.With(json, Encoding.UTF8.GetBytes(member));

    private static byte[]? FilteredExtensions(ReadOnlySpan<byte> extensions, PolicyBinding policy) =>
        RawJson.Edited(extensions, (name, _) => policy.Passes(name) ? null : Removed);

    // A less strict reader could take such a name for the member.
    private static bool IsVariant(string name, string member) =>
        name.Equals(member, StringComparison.OrdinalIgnoreCase);
}
