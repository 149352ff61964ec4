using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Reviewing;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// A comparison of two configuration files, which describes the changes in words. Both files are compared as written,
/// with the policy files and lists that they name: references are not replaced, and values that may be secrets are not
/// shown.
/// </summary>
internal static class ConfigChanges
{
    private static readonly string[] Sections = ["servers", "policies", "lists", "grants", "alerts"];

    /// <summary>The members whose values are shown; any other member may hold a credential.</summary>
    private static readonly string[] Plain =
        ["publicUrl", "oauth", "allowedHosts", "allowedOrigins", "trustedProxies", "policies", "budgets", "alerts"];

    private static readonly string[] PlainOfGrants = ["server", "policy", "servers", "expires"];

    /// <summary>The maximum number of objects that a change names.</summary>
    public const int ObjectsMax = 1000;

    /// <param name="before">The current file; null if there is none.</param>
    /// <param name="readBefore">Reads a policy file that the current file names.</param>
    /// <param name="after">The new file.</param>
    /// <param name="readAfter">Reads a policy file that the new file names.</param>
    public static IReadOnlyList<string> Between(
        byte[]? before, Func<string, byte[]?> readBefore, byte[] after, Func<string, byte[]?> readAfter)
    {
        var changes = new DocumentChanges(ShowsValues);
        var (old, now) = (before is null ? null : DocumentChanges.Parse(before), DocumentChanges.Parse(after));
        foreach (var name in Names(old, now).Where(static name => name is not ("policies" or "lists")))
        {
            // A missing section is compared as an empty one, so that an added object is reported by its name.
            changes.Compare(Section(old, name), Section(now, name), "/" + JsonPointer.Escape(name));
        }

        Files("policies");
        Files("lists");
        return changes.Said;

        void Files(string section)
        {
            var parse = Parser(section);
            var (oldOnes, nowOnes) = (old?.Find(section), now?.Find(section));
            foreach (var name in Names(oldOnes, nowOnes))
            {
                changes.Compare(
                    Content(oldOnes, name, readBefore, parse), Content(nowOnes, name, readAfter, parse),
                    JsonPointer.Of([section, name]));
            }
        }
    }

    /// <summary>
    /// Returns the objects that differ, as <c>policies/NAME</c>; at most <see cref="ObjectsMax"/>. The parameters are
    /// those of <see cref="Between"/>.
    /// </summary>
    public static IReadOnlyList<string> Objects(
        byte[]? before, Func<string, byte[]?> readBefore, byte[] after, Func<string, byte[]?> readAfter)
    {
        var (old, now) = (before is null ? null : DocumentChanges.Parse(before), DocumentChanges.Parse(after));
        return [.. All().Take(ObjectsMax)];

        IEnumerable<string> All() =>
            from section in Sections
            let oldOnes = old?.Find(section)
            let nowOnes = now?.Find(section)
            from name in Names(oldOnes, nowOnes)
            where Differ(
                Content(oldOnes, name, readBefore, Parser(section)),
                Content(nowOnes, name, readAfter, Parser(section)))
            select $"{section}/{name}";
    }

    private static bool Differ(JsonNode? before, JsonNode? after)
    {
        var changes = new DocumentChanges(static _ => false);
        changes.Compare(before, after, "");
        return changes.Said.Count > 0;
    }

    private static Func<byte[], JsonNode?> Parser(string section) =>
        section == "lists" ? List : static bytes => DocumentChanges.Parse(bytes);

    private static IEnumerable<string> Names(JsonNode? old, JsonNode? now) =>
        (old?.Members ?? []).Concat(now?.Members ?? []).Select(static member => member.Name).Distinct();

    private static JsonNode? Section(JsonNode? root, string name) => root?.Find(name)
        ?? (name is "servers" or "grants" or "alerts" ? JsonNode.OfObject(0, []) : null);

    private static JsonNode? Content(
        JsonNode? all, string name, Func<string, byte[]?> read, Func<byte[], JsonNode?> parse)
    {
        if (all?.Find(name) is not { } node || node.FileReference() is not { } file)
            return all?.Find(name);
        return read(file) is { } bytes ? parse(bytes) : null;
    }

    private static JsonNode? List(byte[] bytes) => ListText.Read(bytes, out _) is { } values
        ? JsonNode.OfTexts(values)
        : null;

    private static bool ShowsValues(string pointer)
    {
        var steps = pointer.Split('/');
        // A client's member may be its secret.
        if (steps is [_, "oauth", "clients", ..])
            return steps is [_, _, _, _, "grant"];
        return Plain.Contains(steps[1])
            || (steps is [_, "grants", _, var member, ..] && PlainOfGrants.Contains(member));
    }
}
