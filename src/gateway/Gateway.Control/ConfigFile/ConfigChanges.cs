using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Reviewing;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// Says in words what another configuration file would change. Both are compared as they are written, with the policy
/// files and lists that they name: no reference is replaced, and no value is said that may be a secret.
/// </summary>
internal static class ConfigChanges
{
    private static readonly string[] Sections = ["servers", "policies", "lists", "grants"];

    /// <summary>Where a value may be said: what else stands in the file may be a credential.</summary>
    private static readonly string[] Plain =
        ["publicUrl", "oauth", "allowedHosts", "allowedOrigins", "trustedProxies", "policies", "budgets"];

    private static readonly string[] PlainOfGrants = ["server", "policy", "servers", "expires"];

    /// <summary>Objects that a change names at most.</summary>
    public const int ObjectsMax = 1000;

    /// <param name="before">The file that is in force; null where there is none.</param>
    /// <param name="readBefore">Reads a policy file that it names.</param>
    /// <param name="after">The file that is to be.</param>
    /// <param name="readAfter">Reads a policy file that that one names.</param>
    public static IReadOnlyList<string> Between(
        byte[]? before, Func<string, byte[]?> readBefore, byte[] after, Func<string, byte[]?> readAfter)
    {
        var changes = new DocumentChanges(ShowsValues);
        var (old, now) = (before is null ? null : DocumentChanges.Parse(before), DocumentChanges.Parse(after));
        foreach (var name in Names(old, now).Where(static name => name is not ("policies" or "lists")))
        {
            // Servers and grants are always there, if empty: so one that is added is said by its name.
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
    /// The objects that differ, as <c>policies/NAME</c>; at most <see cref="ObjectsMax"/>. The parameters are those of
    /// <see cref="Between"/>.
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
        ?? (name is "servers" or "grants" ? JsonNode.OfObject(0, []) : null);

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
        return Plain.Contains(steps[1])
            || (steps is [_, "grants", _, var member, ..] && PlainOfGrants.Contains(member));
    }
}
