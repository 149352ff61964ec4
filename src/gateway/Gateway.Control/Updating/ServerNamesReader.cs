using System.Text.Json;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;

namespace Gateway.Control.Updating;

/// <summary>Reads the names of renamed servers. A name that two servers claim leads to neither of them.</summary>
internal static class ServerNamesReader
{
    /// <param name="documents">The store's documents.</param>
    /// <param name="objects">The servers in effect. A server of this name wins over a renamed one.</param>
    /// <param name="config">The configuration file; names in the store do not apply to its servers.</param>
    /// <param name="problems">Receives one text for each name that does not apply.</param>
    public static ServerNames Read(
        ControlSnapshot documents, DefinitionSet objects, DefinitionSet config, List<string> problems)
    {
        var all = new Dictionary<string, ServerNamesDocument>(StringComparer.Ordinal);
        foreach (var document in documents.OfKind(ControlKinds.ServerNames))
        {
            var first = document.Key.Name;
            if (!objects.Servers.ContainsKey(first) || config.Servers.ContainsKey(first))
                continue;
            if (Parse(document, out var problem) is { } names)
                all[first] = names;
            else
                problems.Add($"{document.Key}: {problem}; the server is reached as {first} only");
        }

        if (all.Count == 0)
            return ServerNames.None;
        var claims = all.SelectMany(static one => one.Value.Former.Append(one.Value.Name)
            .Where(name => name != one.Key).Distinct().Select(name => (Name: name, First: one.Key)));
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in claims.GroupBy(static claim => claim.Name, StringComparer.Ordinal))
        {
            List<string> servers = [.. claim.Select(static one => one.First)];
            if (servers.Count == 1 && !objects.Servers.ContainsKey(claim.Key))
                owners[claim.Key] = servers[0];
            else
                problems.Add(Conflict(claim.Key, servers));
        }

        return new ServerNames(all.ToDictionary(
            static one => one.Key,
            one => (
                owners.GetValueOrDefault(one.Value.Name) == one.Key ? one.Value.Name : one.Key,
                (IReadOnlyList<string>)
                    [.. one.Value.Former.Where(name => owners.GetValueOrDefault(name) == one.Key)]),
            StringComparer.Ordinal));
    }

    private static string Conflict(string name, List<string> servers) => servers.Count == 1
        ? $"server {servers[0]}: another server is also named {name}, and agents reach that one; rename one of them"
        : $"servers {string.Join(", ", servers)}: each has the name {name}, so agents reach none of them by it; rename "
            + "all but one";

    private static ServerNamesDocument? Parse(ControlDocument document, out string? problem)
    {
        problem = document.Damage ?? $"a name is not valid: {EntityName.Rule}";
        try
        {
            var names = JsonSerializer.Deserialize(
                document.Content.Span, ControlJsonContext.Default.ServerNamesDocument);
            return names is not null && names.Former.Append(names.Name).All(EntityName.IsValid) ? names : null;
        }
        catch (JsonException e)
        {
            problem = JsonErrors.Describe(e);
            return null;
        }
    }
}
